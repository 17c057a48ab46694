/* Time as Go, and so Docker, writes it. */
#ifndef DRYDOCK_TIMESTAMP_H
#define DRYDOCK_TIMESTAMP_H

#include <stddef.h>

/*
 * Writes the time of day in UTC as RFC 3339 with nanoseconds whose last zeros are left out. The buffer needs 36
 * bytes. Returns the length without the NUL.
 */
size_t format_now(char *out);

#endif
