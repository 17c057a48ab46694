/* A level-triggered epoll loop. */
#ifndef AGENT_LOOP_H
#define AGENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* A descriptor and who is told about it. Embedded in its owner; `fd` is -1 when closed. */
struct watch {
	int fd;
	uint32_t wanted; /* EPOLL* bits; 0 keeps the descriptor out of the epoll set */
	void (*ready)(struct watch *watch, uint32_t events);
};

struct loop {
	int epoll;
};

/* Creates the epoll set; false with errno when the kernel refuses. */
bool loop_init(struct loop *loop);

/* Starts an unwatched `watch` on `fd`, which it owns from now on. */
void watch_init(struct watch *watch, int fd, void (*ready)(struct watch *, uint32_t));

/* Says which events `watch` waits for; 0 also silences hang-ups, which epoll otherwise always reports. */
void loop_want(struct loop *loop, struct watch *watch, uint32_t events);

/* Stops watching and closes the descriptor. The watch's memory must live until the batch has ended. */
void loop_close(struct loop *loop, struct watch *watch);

/* Waits for events and dispatches one batch of them. */
void loop_turn(struct loop *loop);

#endif
