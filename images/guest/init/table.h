/* The table of services, /etc/drydock/services; the file itself explains its keys. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>

enum restart_policy { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NO };

#define TABLE_LINE 1024
#define TABLE_WORDS 64

struct service_config {
  char name[64];
  char alias[128];       /* blank-separated */
  char description[128];
  char exec[512];        /* as written: variables are filled in at each start */
  char environment[128]; /* path of a file of NAME=value lines, or "" */
  char pidfile[128];
  char log[128];
  char ready[128];       /* path of a socket that accepts a connection once the service is up, or "" */
  char tty[64];          /* a terminal to run on in place of a log, or "" */
  enum restart_policy restart;
  int oom;               /* oom_score_adj */
  int reload;            /* signal that makes it read its configuration again, or 0 */
  unsigned files;        /* RLIMIT_NOFILE, or 0 for the usual one */
};

/*
 * Reads the table at path into configs. Returns how many services there are, or -1 with *problem set to a message
 * that names the line.
 */
int table_read(const char *path, struct service_config *configs, int capacity, char *problem, int problem_size);

/* Whether a service is known by name: its own, an alias, either with ".service" behind it. */
bool table_names(const struct service_config *config, const char *name);

/* What a process is started with: words and variables, in one block of memory. */
struct command {
  char *argv[TABLE_WORDS];
  char *envp[TABLE_WORDS];
  char text[8192];
};

/* Fills in the command line and environment of a service. Returns 0, or -1 when they do not fit or exec is empty. */
int table_command(const struct service_config *config, struct command *command);

#endif
