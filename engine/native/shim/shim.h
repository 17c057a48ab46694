/*
 * The shim: parent of the first process of one container, or of one exec.
 *
 * It holds what must outlive the daemon: the process's exit status, its pipes or pty, its log. The daemon
 * plans, the shim does: everything that the process does to itself before it becomes the user's program is a
 * list of steps that the daemon wrote (engine/runtime, docs/architecture.md "The shim").
 */
#ifndef DRYDOCK_SHIM_H
#define DRYDOCK_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STDIN 0
#define STDOUT 1
#define STDERR 2

/* ---- the program (program.c) ---- */

/* One record: its name and arguments, NULL-terminated. */
struct record {
  int count;
  char **words;
};

struct program {
  struct record *records;
  int count;
  int first_step; /* the records before it are settings for the shim itself */
};

/* Reads STATE/program. Ends the process with a message where it is malformed: only our daemon writes it. */
void program_load(struct program *program, const char *path);
/* The setting with this name, or NULL. */
const struct record *program_setting(const struct program *program, const char *name);
/* The n-th word behind a setting's name, or the fallback where the setting or the word is absent. */
const char *setting_word(const struct record *setting, int n, const char *fallback);

/* ---- the child (child.c, steps_*.c, exec.c) ---- */

/* What a step may use of the world outside. */
struct child {
  int channel; /* to the shim: SEQPACKET, a pty's master or a failure */
  char **environment;
  char detail[256]; /* what a failed step says beside its errno */
};

/* A step returns 0, or -1 with errno and, if it helps, child->detail. */
struct step {
  const char *name;
  int arguments; /* how many it needs at least */
  int (*run)(struct child *child, char **arguments);
};

extern const struct step file_steps[], mount_steps[], process_steps[], security_steps[];

/* Runs the steps in order. Returns only through exec or _exit: a failure is sent over the channel. */
_Noreturn void child_run(const struct program *program, int channel);
int exec_program(struct child *child, char **words);
/* Gives a pty's master end to the shim. Returns 0 or -1 with errno. */
int child_send_master(const struct child *child, int master);

/* ---- streams (streams.c, clients.c, log.c) ---- */

struct settings {
  const char *state; /* directory: program, sock, pid, exit */
  bool tty, open_stdin, stdin_once;
};

/* Prepares pipes for the child. Ends the process on failure. */
void streams_init(const struct settings *settings);
/* In the child: puts the pipes on descriptors 0 to 2. */
void streams_install(void);
/* In the parent, once the child is made: forgets the child's ends. */
void streams_parent(void);
/* Takes the master of the pty that the child opened. */
void streams_set_master(int master);
void streams_resize(int rows, int columns);
/* True when no more output can come. */
bool streams_ended(void);
/* Gives up on outputs that others still hold open. */
void streams_close_output(void);
/* Queues bytes for the process's stdin. Returns how many it took; the rest must be offered again. */
size_t streams_put_stdin(const uint8_t *data, size_t length);
void streams_close_stdin(void);
/* Stops or goes on reading output, for a client that is slow. */
void streams_pause(bool paused);

void clients_init(const struct settings *settings, const struct program *program);
/* Sends output to all that asked for it. */
void clients_output(int stream, const uint8_t *data, size_t length);
/* A line for those who watch: "started ...", "exited ...". */
void clients_announce(const char *line);
/* stdin has room again. */
void clients_resume_stdin(void);
/* No more output: ends each attachment once what it is owed is sent. */
void clients_finish(void);
bool clients_done(void);

void log_init(const struct record *setting);
void log_write(int stream, const uint8_t *data, size_t length);
/* Writes lines that have no end yet. */
void log_flush(void);

/* ---- events (events.c) ---- */

struct source {
  void (*ready)(struct source *source, uint32_t events);
  int fd;
  uint32_t events;
};
void events_init(void);
/* Changes what is waited for; 0 removes the source. */
void events_set(struct source *source, int fd, uint32_t events);
/* Waits for and handles one batch; timeout in ms, -1 for ever. */
void events_wait(int timeout);

_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
