#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define VERSION "28.2.2"
#define EVENTS 64
#define EXPIRE_MS 15000

/* Descriptors that the daemon passes: a pipe for "0\n", or "1\n" and why not; and the bound socket. */
enum { STATUS_FD = 3, LISTENER_FD = 4 };

struct options {
  const char *protocol, *host_address, *container_address;
  int host_port, container_port;
  bool use_listener;
};

static int epoll = -1;

int loop_add(int fd, uint32_t events, struct source *source) {
  struct epoll_event event = {.events = events, .data.ptr = source};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int loop_change(int fd, uint32_t events, struct source *source) {
  struct epoll_event event = {.events = events, .data.ptr = source};
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

void loop_remove(int fd) { epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

static void run(void) {
  struct epoll_event events[EVENTS];
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS, udp_expire() ? EXPIRE_MS : -1);
    if (count < 0 && errno != EINTR) return;
    for (int i = 0; i < count; i++) {
      struct source *source = events[i].data.ptr;
      source->ready(source, events[i].events);
    }
    tcp_sweep();
  }
}

/* Returns 0, or -1 where nobody is there to hear it. */
static int report(const char *text) { return write(STATUS_FD, text, strlen(text)) < 0 ? -1 : 0; }

static _Noreturn void fail(const char *what, const char *why) {
  char text[256];
  snprintf(text, sizeof text, "1\n%s%s%s", what, *why ? ": " : "", why);
  report(text);
  fprintf(stderr, "docker-proxy: %s\n", text + 2);
  exit(1);
}

/* A flag as Go's package flag takes it: one or two dashes, its value behind "=" or in the next word. */
static const char *flag_value(const char *name, char **argv, int *index) {
  const char *word = argv[*index];
  size_t length = strlen(name);
  word += word[0] == '-' && word[1] == '-' ? 2 : 1;
  if (strncmp(word, name, length)) return NULL;
  if (word[length] == '=') return word + length + 1;
  if (word[length]) return NULL;
  if (!argv[*index + 1]) fail("flag needs an argument", name);
  return argv[++*index];
}

static struct options parse(char **argv) {
  struct options options = {
      .protocol = "tcp", .host_address = "0.0.0.0", .container_address = "0.0.0.0", .host_port = -1, .container_port = -1};
  for (int i = 1; argv[i]; i++) {
    const char *value, *word = argv[i];
    if (word[0] != '-') fail("unexpected argument", word);
    if ((value = flag_value("proto", argv, &i)))
      options.protocol = value;
    else if ((value = flag_value("host-ip", argv, &i)))
      options.host_address = value;
    else if ((value = flag_value("host-port", argv, &i)))
      options.host_port = atoi(value);
    else if ((value = flag_value("container-ip", argv, &i)))
      options.container_address = value;
    else if ((value = flag_value("container-port", argv, &i)))
      options.container_port = atoi(value);
    else if (strstr(word, "use-listen-fd"))
      options.use_listener = true;
    else if (!strcmp(word, "-v") || strstr(word, "version")) {
      puts("docker-proxy (commit drydock) version " VERSION);
      exit(0);
    } else
      fail("flag provided but not defined", word);
  }
  return options;
}

static struct address_and_length parse_address(const char *text, int port) {
  struct address_and_length result = {0};
  if (inet_pton(AF_INET, text, &result.address.in.sin_addr) == 1) {
    result.address.in.sin_family = AF_INET;
    result.address.in.sin_port = htons((uint16_t)port);
    result.length = sizeof result.address.in;
  } else if (inet_pton(AF_INET6, text, &result.address.in6.sin6_addr) == 1) {
    result.address.in6.sin6_family = AF_INET6;
    result.address.in6.sin6_port = htons((uint16_t)port);
    result.length = sizeof result.address.in6;
  } else {
    fail("invalid IP address", text);
  }
  return result;
}

/* Without the daemon's socket: one of our own. */
static int listen_on(const struct options *options, bool datagrams) {
  struct address_and_length host = parse_address(options->host_address, options->host_port);
  int family = host.address.any.sa_family, on = 1;
  int fd = socket(family, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (fd < 0) fail("socket", strerror(errno));
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (datagrams && family == AF_INET) setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (datagrams && family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  if (bind(fd, &host.address.any, host.length) < 0 || (!datagrams && listen(fd, SOMAXCONN) < 0))
    fail("failed to listen", strerror(errno));
  return fd;
}

int main(int argc, char **argv) {
  (void)argc;
  struct options options = parse(argv);
  bool datagrams = !strcmp(options.protocol, "udp");
  if (!datagrams && strcmp(options.protocol, "tcp")) fail("unsupported protocol", options.protocol);
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max; /* a connection takes six */
    setrlimit(RLIMIT_NOFILE, &files);
  }
  struct address_and_length container = parse_address(options.container_address, options.container_port);
  int listener = options.use_listener ? LISTENER_FD : listen_on(&options, datagrams);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create", strerror(errno));
  fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK);
  if ((datagrams ? udp_serve : tcp_serve)(listener, &container) < 0) fail("listen", strerror(errno));
  if (options.use_listener) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* the next daemon serves its ports itself */
    if (report("0\n") < 0) return 1;   /* ours is gone already */
    close(STATUS_FD);
  }
  run();
  return 1;
}
