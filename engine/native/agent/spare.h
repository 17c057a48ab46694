/* A process on a terminal that was started before anybody asked for it. A shell takes a third of a second to come
 * up in a guest that was just restored; a spare one is part of the saved guest. */
#ifndef AGENT_SPARE_H
#define AGENT_SPARE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "launch.h"

struct spare {
	struct launch launch;
	struct launched launched; /* its pid is 0 where there is no spare */
	char host[HOST_NAME_MAX + 1];
};

/* Starts the process that `words` describe, as OPEN does: settings, "--", arguments, and a last NULL. They must
 * stay. Returns 0 or an errno. */
int spare_start(struct spare *spare, char **words);

/* Hands the spare over if it is what `launch` asks for, in the size that this asks for. There is no other one
 * afterwards. False where there is none, or where it still thinks that the host has another name. */
bool spare_take(struct spare *spare, const struct launch *launch, struct launched *result);

/* A process has ended, which may be the spare. */
void spare_ended(struct spare *spare, pid_t pid);

#endif
