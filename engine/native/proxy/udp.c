/* UDP: each client has a socket of its own towards the container, until both have been silent for long. */
#include "proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LARGEST 65507
#define SILENCE_S 90
#define BUCKETS 256

struct client {
  struct source source;
  struct client *next; /* in its bucket */
  int fd;
  time_t last;
  struct address_and_length address;
  /* The address of the host that it sent to, which answers must come from; family 0 where it is not known. */
  union address local;
};

static struct {
  struct source source;
  int fd;
  struct address_and_length container;
  struct client *buckets[BUCKETS];
  int count;
} proxy;

static char datagram[LARGEST];

/* In seconds; never set back. */
static time_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return time.tv_sec;
}

/* The bucket of an address, told from its bytes. */
static struct client **bucket(const struct address_and_length *address) {
  const unsigned char *bytes = (const unsigned char *)&address->address;
  unsigned hash = 5381;
  for (socklen_t i = 0; i < address->length; i++) hash = hash * 33 + bytes[i];
  return &proxy.buckets[hash % BUCKETS];
}

static void forget(struct client **place) {
  struct client *client = *place;
  *place = client->next;
  loop_remove(client->fd);
  close(client->fd);
  free(client);
  proxy.count--;
}

bool udp_expire(void) {
  if (!proxy.count) return false;
  time_t limit = now() - SILENCE_S;
  for (int i = 0; i < BUCKETS; i++)
    for (struct client **place = &proxy.buckets[i]; *place;)
      if ((*place)->last < limit)
        forget(place);
      else
        place = &(*place)->next;
  return proxy.count > 0;
}

/* Sends an answer to a client, from the address that it had sent to (ip(7), IP_PKTINFO). */
static void send_back(const struct client *client, size_t length) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct in6_pktinfo))];
  } control = {0};
  struct iovec data = {.iov_base = datagram, .iov_len = length};
  struct msghdr message = {.msg_name = (void *)&client->address.address, .msg_namelen = client->address.length,
                           .msg_iov = &data, .msg_iovlen = 1};
  if (client->local.any.sa_family == AF_INET) {
    struct in_pktinfo info = {.ipi_spec_dst = client->local.in.sin_addr};
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
    memcpy(CMSG_DATA(&control.header), &info, sizeof info);
    message.msg_controllen = CMSG_SPACE(sizeof info);
  } else if (client->local.any.sa_family == AF_INET6) {
    struct in6_pktinfo info = {.ipi6_addr = client->local.in6.sin6_addr};
    control.header =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO};
    memcpy(CMSG_DATA(&control.header), &info, sizeof info);
    message.msg_controllen = CMSG_SPACE(sizeof info);
  }
  if (message.msg_controllen) message.msg_control = &control;
  sendmsg(proxy.fd, &message, 0); /* what does not go is lost, as datagrams are */
}

static void container_ready(struct source *source, uint32_t events) {
  (void)events;
  struct client *client = (struct client *)source;
  for (;;) {
    ssize_t length = recv(client->fd, datagram, sizeof datagram, 0);
    if (length < 0 && (errno == ECONNREFUSED || errno == EINTR)) continue; /* nobody listens there yet */
    if (length < 0) return;
    client->last = now();
    send_back(client, (size_t)length);
  }
}

static struct client *add_client(struct client **place, const struct address_and_length *address,
                                 const union address *local) {
  const struct address_and_length *container = &proxy.container;
  int fd = socket(container->address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct client *client = fd < 0 ? NULL : malloc(sizeof *client);
  if (!client || connect(fd, &container->address.any, container->length) < 0) goto fail;
  *client = (struct client){.source = {container_ready}, .next = *place, .fd = fd, .address = *address, .local = *local};
  if (loop_add(fd, EPOLLIN, &client->source) < 0) goto fail;
  proxy.count++;
  return *place = client;

fail:
  if (fd >= 0) close(fd);
  free(client);
  return NULL;
}

static struct client *find_client(const struct address_and_length *address, const union address *local) {
  struct client **place = bucket(address);
  for (struct client *client = *place; client; client = client->next)
    if (client->address.length == address->length && !memcmp(&client->address.address, &address->address, address->length))
      return client;
  return add_client(place, address, local);
}

/* The address that a datagram was sent to. */
static union address destination(struct msghdr *message) {
  union address local = {0};
  for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item)) {
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(item), sizeof info);
      local.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = info.ipi_addr};
    } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(item), sizeof info);
      local.in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
    }
  }
  return local;
}

static void listener_ready(struct source *source, uint32_t events) {
  (void)source;
  (void)events;
  for (;;) {
    struct address_and_length from = {0};
    char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct iovec data = {.iov_base = datagram, .iov_len = sizeof datagram};
    struct msghdr message = {.msg_name = &from.address, .msg_namelen = sizeof from.address, .msg_iov = &data,
                             .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(proxy.fd, &message, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return;
    from.length = message.msg_namelen;
    union address local = destination(&message);
    struct client *client = find_client(&from, &local);
    if (!client) continue;
    client->last = now();
    send(client->fd, datagram, (size_t)length, 0);
  }
}

int udp_serve(int fd, const struct address_and_length *container) {
  proxy.source.ready = listener_ready;
  proxy.fd = fd;
  proxy.container = *container;
  return loop_add(fd, EPOLLIN, &proxy.source);
}
