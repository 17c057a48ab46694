#include "ring.h"

#include <stdlib.h>
#include <string.h>

#include "wire.h"

bool ring_push(struct ring *ring, const uint8_t *bytes, size_t count)
{
	if (ring->bytes == NULL) {
		ring->bytes = malloc(WINDOW_TO_GUEST);
		if (ring->bytes == NULL)
			return false;
		ring->head = ring->used = 0;
	}
	size_t tail = (ring->head + ring->used) % WINDOW_TO_GUEST;
	size_t first = WINDOW_TO_GUEST - tail;
	if (first > count)
		first = count;
	memcpy(ring->bytes + tail, bytes, first);
	memcpy(ring->bytes, bytes + first, count - first);
	ring->used += count;
	return true;
}

const uint8_t *ring_peek(const struct ring *ring, size_t *count)
{
	size_t together = WINDOW_TO_GUEST - ring->head;

	*count = ring->used < together ? ring->used : together;
	return ring->bytes + ring->head;
}

void ring_drop(struct ring *ring, size_t count)
{
	ring->head = (ring->head + count) % WINDOW_TO_GUEST;
	ring->used -= count;
	if (ring->used == 0)
		ring_free(ring);
}

void ring_free(struct ring *ring)
{
	free(ring->bytes);
	ring->bytes = NULL;
	ring->head = ring->used = 0;
}
