#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "shim.h"

static int set = -1;

/* Sources of the batch under way, so that one that is removed meanwhile is not called. */
static struct source **batch;
static int batch_count;

void events_init(void) {
  set = epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) die("epoll_create: errno %d", errno);
}

void events_set(struct source *source, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = source};
  if (events == source->events && (events == 0 || fd == source->fd)) return;
  if (events == 0) {
    epoll_ctl(set, EPOLL_CTL_DEL, source->fd, NULL);
    for (int i = 0; i < batch_count; i++)
      if (batch[i] == source) batch[i] = NULL;
  } else if (epoll_ctl(set, source->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) < 0) {
    die("epoll_ctl: errno %d", errno);
  }
  source->fd = fd;
  source->events = events;
}

void events_wait(int timeout) {
  struct epoll_event events[16];
  struct source *sources[16];
  int count = epoll_wait(set, events, 16, timeout);
  for (int i = 0; i < count; i++) sources[i] = events[i].data.ptr;
  batch = sources;
  batch_count = count < 0 ? 0 : count;
  for (int i = 0; i < batch_count; i++)
    if (sources[i]) sources[i]->ready(sources[i], events[i].events);
  batch_count = 0;
}
