/* Port 2: one message a chunk, a verb and `key=value` lines. */
#ifndef AGENT_CONTROL_H
#define AGENT_CONTROL_H

#include "loop.h"

struct link;
struct streams;
struct listeners;

struct control {
	struct watch port;
	struct link *link;
	struct streams *streams;
	struct listeners *listeners;
};

/* Takes over the open port and asks the page for a hello. */
void control_init(struct control *control, struct loop *loop, int port);

/* Stops serving until the next hello, and asks for it: the page's bytes or ours can no longer be trusted. */
void control_ask_hello(struct control *control);

#endif
