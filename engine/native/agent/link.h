/* Port 1: frames in chunks, credits, and the buffer that gathers what one turn of the loop has to say. */
#ifndef AGENT_LINK_H
#define AGENT_LINK_H

#include <stddef.h>

#include "loop.h"
#include "wire.h"

struct streams;

enum { LINK_OUT_SIZE = 32 * 1024 }; /* the most that one write to the port takes */

struct link {
	struct loop *loop;
	struct streams *streams;
	struct watch port;
	void (*distrusted)(struct link *link); /* the page's bytes made no sense; a new hello is needed */
	bool live;                             /* a hello was answered; until then input is thrown away */
	uint32_t chunks_read;                  /* since the last CREDIT */

	struct frame_header header;
	size_t header_used;
	size_t payload_used;
	uint8_t payload[CONTROL_PAYLOAD_MAX + 1]; /* of any frame but DATA, NUL-terminated */

	size_t out_used;
	uint8_t out[LINK_OUT_SIZE];
};

/* Takes over the open port. */
void link_init(struct link *link, struct loop *loop, struct streams *streams, int port);

/* Forgets everything of the page's last life: unread input, half frames, unsent output, credits. */
void link_restart(struct link *link);

/* Appends a frame with a short payload. */
void link_put(struct link *link, enum frame_type type, uint16_t stream, const void *payload, size_t length);

/* Room for a frame of `least` payload bytes or more in place: a pointer to its payload, `*room` its limit. */
uint8_t *link_reserve(struct link *link, size_t least, size_t *room);

/* Turns the first `length` bytes of what link_reserve gave into a frame of DATA. */
void link_commit(struct link *link, uint16_t stream, enum channel channel, size_t length);

/* Ends a turn: adds due credit and hands everything to the page in as few writes as possible. */
void link_flush(struct link *link);

#endif
