#include "loop.h"

#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH = 64 };

bool loop_init(struct loop *loop)
{
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	return loop->epoll >= 0;
}

void watch_init(struct watch *watch, int fd, void (*ready)(struct watch *, uint32_t))
{
	watch->fd = fd;
	watch->wanted = 0;
	watch->ready = ready;
}

void loop_want(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (watch->fd < 0 || watch->wanted == events)
		return;
	int operation = events == 0 ? EPOLL_CTL_DEL : watch->wanted == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	epoll_ctl(loop->epoll, operation, watch->fd, &event);
	watch->wanted = events;
}

void loop_close(struct loop *loop, struct watch *watch)
{
	if (watch->fd < 0)
		return;
	loop_want(loop, watch, 0);
	close(watch->fd);
	watch->fd = -1;
}

void loop_turn(struct loop *loop)
{
	struct epoll_event events[BATCH];
	int count = epoll_wait(loop->epoll, events, BATCH, -1);

	for (int i = 0; i < count; i++) {
		struct watch *watch = events[i].data.ptr;
		/* An earlier handler of this batch may have closed or silenced it. */
		if (watch->fd >= 0 && watch->wanted != 0)
			watch->ready(watch, events[i].events);
	}
}
