/* TCP: each connection has a pipe in either direction, through which the kernel moves the bytes (splice(2)). */
#include "proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

/* One direction of a connection. */
struct flow {
  int pipe[2];
  size_t pending; /* bytes in the pipe */
  bool ended;     /* nothing more will come */
  bool finished;  /* and the other side has been told */
};

struct connection;

/* One of a connection's two sockets. */
struct end {
  struct source source;
  struct connection *connection;
  int fd;
  uint32_t events; /* that the loop waits for; with none it does not know the socket */
};

struct connection {
  struct end client, container;
  struct flow up, down; /* to the container, to the client */
  bool connected, closed;
  struct connection *next_closed;
};

static struct {
  struct source source;
  int fd;
  bool paused; /* until a connection gives descriptors back */
  struct address_and_length container;
} listener;

/* Closed, but perhaps among the events that the loop is about to deal with. */
static struct connection *closed;

void tcp_sweep(void) {
  while (closed) {
    struct connection *connection = closed;
    closed = connection->next_closed;
    free(connection);
  }
}

/* Waits for these events, and no others. Returns 0 or -1. */
static int wait_for(struct end *end, uint32_t events) {
  uint32_t before = end->events;
  if (events == before) return 0;
  end->events = events;
  if (!events) {
    loop_remove(end->fd); /* errors and hang-ups would be reported for ever */
    return 0;
  }
  return (before ? loop_change : loop_add)(end->fd, events, &end->source);
}

static void close_all(const int *fds, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (fds[i] >= 0) close(fds[i]);
}

static void close_connection(struct connection *connection) {
  wait_for(&connection->client, 0);
  wait_for(&connection->container, 0);
  close_all((int[]){connection->client.fd, connection->container.fd}, 2);
  close_all(connection->up.pipe, 2);
  close_all(connection->down.pipe, 2);
  connection->closed = true;
  connection->next_closed = closed;
  closed = connection;
  if (listener.paused) listener.paused = loop_add(listener.fd, EPOLLIN, &listener.source) < 0;
}

static void finish(struct flow *flow, int from, int to) {
  shutdown(from, SHUT_RD);
  shutdown(to, SHUT_WR); /* the other direction may go on for long */
  flow->pending = 0;
  flow->ended = flow->finished = true;
}

/* Moves what can be moved now. A socket that fails ends this direction alone: the other may still have something. */
static void pump(struct flow *flow, int from, int to) {
  const unsigned flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
  while (!flow->finished) {
    ssize_t count;
    if (flow->pending) {
      count = splice(flow->pipe[0], NULL, to, NULL, flow->pending, flags);
      if (count > 0) flow->pending -= (size_t)count;
    } else if (!flow->ended) {
      count = splice(from, NULL, flow->pipe[1], NULL, CHUNK, flags);
      if (count > 0) flow->pending = (size_t)count;
      if (count == 0) flow->ended = true;
    } else {
      finish(flow, from, to);
      return;
    }
    if (count < 0 && errno != EINTR) {
      if (errno != EAGAIN) finish(flow, from, to);
      return;
    }
  }
}

/* What an end must wait for: bytes to take away, room for those that wait. */
static uint32_t wanted(const struct flow *from_here, const struct flow *to_here) {
  uint32_t events = 0;
  if (!from_here->ended && !from_here->pending) events |= EPOLLIN;
  if (to_here->pending) events |= EPOLLOUT;
  return events;
}

static void serve(struct connection *connection) {
  struct flow *up = &connection->up, *down = &connection->down;
  struct end *client = &connection->client, *container = &connection->container;
  pump(up, client->fd, container->fd);
  pump(down, container->fd, client->fd);
  if ((up->finished && down->finished) || wait_for(client, wanted(up, down)) < 0 ||
      wait_for(container, wanted(down, up)) < 0)
    close_connection(connection);
}

/* Whether the connection to the container has come about. */
static bool has_connected(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && !error;
}

static void end_ready(struct source *source, uint32_t events) {
  (void)events;
  struct connection *connection = ((struct end *)source)->connection;
  if (connection->closed) return;
  if (!connection->connected) connection->connected = has_connected(connection->container.fd);
  if (connection->connected)
    serve(connection);
  else
    close_connection(connection);
}

/* Starts a connection to the container for a client. Takes the client's descriptor. */
static void open_connection(int client) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (!connection) {
    close(client);
    return;
  }
  const struct address_and_length *target = &listener.container;
  int fd = socket(target->address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  *connection = (struct connection){
      .client = {.source = {end_ready}, .connection = connection, .fd = client},
      .container = {.source = {end_ready}, .connection = connection, .fd = fd},
      .up = {.pipe = {-1, -1}},
      .down = {.pipe = {-1, -1}},
  };
  if (fd < 0 || pipe2(connection->up.pipe, O_CLOEXEC | O_NONBLOCK) < 0 ||
      pipe2(connection->down.pipe, O_CLOEXEC | O_NONBLOCK) < 0 ||
      (connect(fd, &target->address.any, target->length) < 0 && errno != EINPROGRESS) ||
      wait_for(&connection->container, EPOLLOUT) < 0)
    close_connection(connection);
}

static void accept_ready(struct source *source, uint32_t events) {
  (void)source;
  (void)events;
  for (;;) {
    int client = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      open_connection(client);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      loop_remove(listener.fd); /* out of descriptors or memory: those who wait do so in the kernel's queue */
      listener.paused = true;
      return;
    }
  }
}

int tcp_serve(int fd, const struct address_and_length *container) {
  listener.source.ready = accept_ready;
  listener.fd = fd;
  listener.container = *container;
  return loop_add(fd, EPOLLIN, &listener.source);
}
