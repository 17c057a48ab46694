/* The link's frames as docs/architecture.md ("The link") defines them. All numbers are little-endian, as the
 * guest is. */
#ifndef AGENT_WIRE_H
#define AGENT_WIRE_H

#include <stdint.h>

enum frame_type {
	FRAME_OPEN = 1,
	FRAME_OPENED = 2,
	FRAME_DATA = 3,
	FRAME_WINDOW = 4,
	FRAME_RESIZE = 5,
	FRAME_SIGNAL = 6,
	FRAME_EOF = 7,
	FRAME_EXIT = 8,
	FRAME_RESET = 9,
	FRAME_CREDIT = 10,
};

enum channel { CHANNEL_MAIN = 0, CHANNEL_STDERR = 1 };

struct frame_header {
	uint8_t type;
	uint8_t channel;
	uint16_t stream;
	uint32_t length;
};

_Static_assert(sizeof(struct frame_header) == 8, "the header is eight bytes on the wire");

enum {
	PROTOCOL_VERSION = 1,
	CHUNK_SIZE = 4096,            /* what one buffer of the guest's port holds */
	CREDIT_EVERY = 4,             /* half of the chunks that the page may have outstanding */
	WINDOW_TO_GUEST = 64 * 1024,  /* bytes that the page may send on a fresh stream */
	WINDOW_TO_PAGE = 256 * 1024,  /* bytes that we may send on a fresh stream */
	CONTROL_PAYLOAD_MAX = 64 * 1024, /* longest payload of any frame but DATA */
};

#endif
