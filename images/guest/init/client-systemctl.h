/* What the parts of systemctl share. */
#ifndef CLIENT_SYSTEMCTL_H
#define CLIENT_SYSTEMCTL_H

#include "client.h"

/* Where units are described here. */
#define UNIT_TABLE "/etc/drydock/services"

/* systemd's words for one state of init, and the exit status that `status` and `is-active` give it. */
struct unit_state {
  const char *state, *active, *detail, *dot;
  int status;
};

const struct unit_state *unit_state(const struct answer *answer);

/* The name as systemd writes it: with its suffix. Returns text. */
const char *unit_name(const char *name, char *text, int size);

/* Prints the state of a unit and the end of its log. Returns systemctl's exit status. */
int unit_status(const char *name);

#endif
