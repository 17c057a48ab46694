/* The commands service and systemctl: callers of the control socket that answer as Debian's do. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>

#define ANSWER_MOST 4096

/* What init answered: the first line's words, then its fields. */
struct answer {
  char text[ANSWER_MOST];
  bool ok;
  const char *kind;    /* of an error: unknown, unsupported, inactive, failed or invalid */
  const char *message; /* of an error */
  char *fields;        /* key=value lines */
};

/* Sends one request to init. Returns false, after a message on standard error, when init does not answer. */
bool ask(struct answer *answer, const char *verb, const char *name);

/* Copies the value of a field; "" when there is none. */
const char *field(const struct answer *answer, const char *key, char *value, int size);

/* Whether the service has a process that is not about to end. */
bool is_up(const struct answer *answer);

/* Each runs one command line and returns its exit status. */
int service_command(int argc, char **argv);
int systemctl_command(int argc, char **argv);

#endif
