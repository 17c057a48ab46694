/* What the page has sent on a stream and its process has not taken yet: at most one window. */
#ifndef AGENT_RING_H
#define AGENT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	uint8_t *bytes; /* NULL while empty: most streams never need it */
	uint32_t head;
	uint32_t used;
};

/* Appends; false when memory is short. The caller keeps `used` below one window. */
bool ring_push(struct ring *ring, const uint8_t *bytes, size_t count);

/* The longest run of bytes that lie together at the head. */
const uint8_t *ring_peek(const struct ring *ring, size_t *count);

/* Drops `count` bytes from the head; an emptied ring gives its memory back. */
void ring_drop(struct ring *ring, size_t count);

void ring_free(struct ring *ring);

#endif
