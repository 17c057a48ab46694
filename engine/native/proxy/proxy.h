/*
 * docker-proxy: carries connections and datagrams from a port of the host to a port of a container, for those that
 * the packet filter's rules do not reach: the host's loopback, containers of other networks, and IPv6 for containers
 * that have none. One process serves one port, whose bound socket the daemon hands it; it ends with the daemon.
 */
#ifndef DRYDOCK_PROXY_H
#define DRYDOCK_PROXY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

union address {
  struct sockaddr any;
  struct sockaddr_in in;
  struct sockaddr_in6 in6;
};

struct address_and_length {
  union address address;
  socklen_t length;
};

/* What the epoll set calls back. */
struct source {
  void (*ready)(struct source *source, uint32_t events);
};

/* ---- loop (main.c) ---- */

/* Adds, changes or takes out a descriptor. Returns 0 or -1 with errno. */
int loop_add(int fd, uint32_t events, struct source *source);
int loop_change(int fd, uint32_t events, struct source *source);
void loop_remove(int fd);

/* ---- protocols ---- */

/* Serves a listening socket, or a bound one of datagrams. Both return 0, or -1 with errno. */
int tcp_serve(int listener, const struct address_and_length *container);
int udp_serve(int listener, const struct address_and_length *container);

/* Frees the connections that were closed since; no event may refer to them any more. */
void tcp_sweep(void);

/* Forgets clients that have been silent for long. Returns whether any are left. */
bool udp_expire(void);

#endif
