/*
 * The control socket, /run/drydock/init.sock. A caller sends one line, `VERB [NAME]`, and reads until the end:
 * `ok` or `error KIND MESSAGE` on the first line, `key=value` lines after it. start, stop and restart are answered
 * when the service has settled.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <poll.h>
#include <stdbool.h>

#include "supervise.h"

#define CONTROL_SOCKET "/run/drydock/init.sock"
#define CALLERS_MOST 8

struct caller {
  int fd;                  /* -1 when the slot is free */
  char request[128];
  int length;
  struct service *waiting; /* what it waits for, or NULL */
};

struct control {
  int fd;
  int shutdown; /* the reboot(2) command that was asked for, or 0 */
  struct caller callers[CALLERS_MOST];
};

/* Makes the socket. Returns 0 or a negated errno. */
int control_open(struct control *control, const char *path);

/* Adds what to wait for to polls, of which there is room for 1 + CALLERS_MOST. Returns how many were added. */
int control_polls(const struct control *control, struct pollfd *polls);

/* Does what has arrived, given polls as control_polls left them and poll(2) filled them in. */
void control_serve(struct control *control, struct supervisor *supervisor, const struct pollfd *polls, int count);

/* Answers the callers whose service has settled since. */
void control_settle(struct control *control);

#endif
