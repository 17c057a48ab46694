/* Which services are started at boot: those with a link of their name among systemd's wants. */
#ifndef ENABLED_H
#define ENABLED_H

#include <stdbool.h>

bool enabled(const char *name);

/* Makes or removes the link and says so on standard error as systemd does. Returns 0, or -1 with errno set. */
int set_enabled(const char *name, bool wanted, const char *target);

#endif
