/* Sockets whose connections and queries the page serves: streams of kind `accept` and `datagram`. */
#ifndef AGENT_LISTENER_H
#define AGENT_LISTENER_H

#include <stdbool.h>

#include "loop.h"

struct streams;

enum { LISTENERS_MAX = 16 };

struct listener {
	struct watch watch;
	struct listeners *listeners;
	const char *name;
};

struct listeners {
	struct streams *streams;
	bool live; /* only a page that said hello can serve */
	int count;
	struct listener all[LISTENERS_MAX];
};

void listeners_init(struct listeners *listeners, struct streams *streams);

/* Adds `NAME=ADDRESS:PORT`. The address need not exist yet, nor be local. False with errno when the text is
 * malformed (EINVAL) or the kernel refuses. */
bool listeners_add(struct listeners *listeners, const char *description, bool datagram);

/* Accepts while the page is live and the table of streams has room: to be called after each turn. */
void listeners_revise(struct listeners *listeners);

#endif
