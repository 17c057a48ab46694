/*
 * drydock-shim STATE ID
 *
 * Started by the daemon with descriptor 3 as its status connection. Reads STATE/program, starts the process,
 * serves STATE/sock, keeps the log, and leaves STATE/pid and STATE/exit behind. ID only shows in `ps`.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

/* How long outputs may stay open after the process's end, in the hands of others. Docker waits as long. */
#define DRAIN_MS 2000

static struct {
  struct source signals, channel;
  pid_t child;
  bool started, exited;
  int status;
  struct timespec exit_time;
} state;

void die(const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  dprintf(3, "failed -1 shim 0 %.*s\n", length, text);
  dprintf(2, "drydock-shim: %s\n", text);
  _exit(1);
}

static void write_state(const char *name, const char *text) {
  char temporary[64];
  snprintf(temporary, sizeof temporary, ".%s", name);
  int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) < 0 || rename(temporary, name) < 0)
    dprintf(2, "drydock-shim: cannot write %s: %s\n", name, strerror(errno));
}

/* ---- starting ---- */

/* Joins a pid namespace, which only children are born into. */
static void enter_pid_namespace(const struct record *setting) {
  const char *path = setting_word(setting, 1, NULL);
  if (!path) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWPID) < 0) die("cannot enter %s: %s", path, strerror(errno));
  close(fd);
}

/*
 * Forks with the namespaces asked for, straight into the cgroup: moving a process later would make the kernel
 * wait for a grace period.
 */
static pid_t clone_child(const struct program *program) {
  const char *cgroup = setting_word(program_setting(program, "cgroup"), 1, NULL);
  struct clone_args args = {.flags = strtoull(setting_word(program_setting(program, "clone"), 1, "0"), NULL, 10),
                            .exit_signal = SIGCHLD};
  int fd = -1;
  if (cgroup) {
    fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) die("cannot open %s: %s", cgroup, strerror(errno));
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = (uint64_t)fd;
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
  int error = errno;
  if (fd >= 0 && pid != 0) close(fd);
  errno = error;
  return pid;
}

/* The child sends a pty's master or why it failed; the end of the channel means that it has become the program. */
static void channel_ready(struct source *source, uint32_t events) {
  char text[512], control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
  struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t length = recvmsg(source->fd, &message, MSG_CMSG_CLOEXEC);
  if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (length > 0 && header && header->cmsg_type == SCM_RIGHTS) {
    int master;
    memcpy(&master, CMSG_DATA(header), sizeof master);
    streams_set_master(master);
    return;
  }
  events_set(source, source->fd, 0);
  close(source->fd);
  if (length > 0) {
    text[length] = 0;
    clients_announce(text);
    _exit(1); /* and the child is on its way out */
  }
  char line[48];
  snprintf(line, sizeof line, "%d\n", state.child);
  write_state("pid", line);
  state.started = true;
  snprintf(line, sizeof line, "started %d", state.child);
  clients_announce(line);
}

static void start(const struct program *program) {
  int channel[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) die("socketpair: %s", strerror(errno));
  enter_pid_namespace(program_setting(program, "pid-namespace"));
  state.child = clone_child(program);
  if (state.child < 0) die("clone: %s", strerror(errno));
  if (state.child == 0) {
    streams_install();
    child_run(program, channel[1]);
  }
  close(channel[1]);
  streams_parent();
  state.channel.ready = channel_ready;
  events_set(&state.channel, channel[0], EPOLLIN);
}

/* ---- the end ---- */

static void signals_ready(struct source *source, uint32_t events) {
  struct signalfd_siginfo info;
  while (read(source->fd, &info, sizeof info) > 0) continue;
  int status;
  /* Orphans of a process that has no pid namespace of its own come to us. */
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    if (pid == state.child) {
      state.exited = true;
      state.status = status;
      clock_gettime(CLOCK_REALTIME, &state.exit_time);
    }
}

static int64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Output first, then the exit: whoever sees the exit sees all of the log. */
static void finish(void) {
  char line[64];
  for (int64_t until = monotonic_ms() + DRAIN_MS; !streams_ended();) {
    int64_t left = until - monotonic_ms();
    if (left <= 0) streams_close_output();
    else events_wait((int)left);
  }
  log_flush();
  int code = WIFEXITED(state.status) ? WEXITSTATUS(state.status) : 128 + WTERMSIG(state.status);
  int signal = WIFSIGNALED(state.status) ? WTERMSIG(state.status) : 0;
  snprintf(line, sizeof line, "exited %d %d %lld%09ld", code, signal, (long long)state.exit_time.tv_sec,
           state.exit_time.tv_nsec);
  write_state("exit", line + 7);
  clients_announce(line);
  clients_finish();
  for (int64_t until = monotonic_ms() + DRAIN_MS; !clients_done() && monotonic_ms() < until;) events_wait(100);
}

int main(int argc, char **argv) {
  struct program program = {0};
  if (argc < 2 || chdir(argv[1]) < 0) die("usage: drydock-shim STATE ID");
  program_load(&program, "program");
  const struct record *stdio = program_setting(&program, "stdio");
  struct settings settings = {.state = argv[1],
                              .tty = setting_word(stdio, 1, "0")[0] == '1',
                              .open_stdin = setting_word(stdio, 2, "0")[0] == '1',
                              .stdin_once = setting_word(stdio, 3, "0")[0] == '1'};
  signal(SIGPIPE, SIG_IGN);
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "drydock-shim");

  events_init();
  state.signals.ready = signals_ready;
  events_set(&state.signals, signalfd(-1, &child_signal, SFD_NONBLOCK | SFD_CLOEXEC), EPOLLIN);
  log_init(program_setting(&program, "log"));
  clients_init(&settings, &program);
  streams_init(&settings);
  start(&program);
  while (!state.started || !state.exited) events_wait(-1);
  finish();
  return 0;
}
