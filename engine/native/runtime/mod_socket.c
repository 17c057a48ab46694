/* native:socket: unix, TCP and UDP sockets. All are non-blocking and close-on-exec. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime.h"

#define SOCKET_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)
#define MAX_PASSED 16

union address {
  struct sockaddr any;
  struct sockaddr_un un;
  struct sockaddr_in in;
  struct sockaddr_in6 in6;
};

/* Fills an IPv4 or IPv6 address from text; returns its length or 0. */
static socklen_t parse_address(union address *address, const char *host, int port) {
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, host, &address->in.sin_addr) == 1) {
    address->in.sin_family = AF_INET;
    address->in.sin_port = htons((uint16_t)port);
    return sizeof address->in;
  }
  if (inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1) {
    address->in6.sin6_family = AF_INET6;
    address->in6.sin6_port = htons((uint16_t)port);
    return sizeof address->in6;
  }
  return 0;
}

/* {address, port} of an IP address, {path} of a unix one. */
static JSValue describe_address(JSContext *ctx, const union address *address) {
  char text[INET6_ADDRSTRLEN] = "";
  JSValue object = JS_NewObject(ctx);
  if (address->any.sa_family == AF_UNIX) {
    set_property(ctx, object, "path", JS_NewString(ctx, address->un.sun_path));
    return object;
  }
  bool four = address->any.sa_family == AF_INET;
  inet_ntop(address->any.sa_family, four ? (const void *)&address->in.sin_addr : &address->in6.sin6_addr, text,
            sizeof text);
  set_property(ctx, object, "address", JS_NewString(ctx, text));
  set_property(ctx, object, "port", JS_NewInt32(ctx, ntohs(four ? address->in.sin_port : address->in6.sin6_port)));
  return object;
}

/* ---- unix ---- */

/* A unix address; the path must fit in sun_path. Returns its length or 0 with errno. */
static socklen_t unix_address(union address *address, const char *path) {
  memset(address, 0, sizeof *address);
  address->un.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->un.sun_path) {
    errno = ENAMETOOLONG;
    return 0;
  }
  strcpy(address->un.sun_path, path);
  return sizeof address->un;
}

NATIVE(js_listen_unix) {
  union address address;
  int mode;
  if (JS_ToInt32(ctx, &mode, argv[1])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCKET_FLAGS, 0);
  socklen_t length = unix_address(&address, path);
  bool failed = fd < 0 || !length || bind(fd, &address.any, length) < 0 || chmod(path, (mode_t)mode) < 0 ||
                listen(fd, 128) < 0;
  JSValue result = failed ? throw_errno(ctx, errno, "listen unix", path) : JS_NewInt32(ctx, fd);
  if (failed && fd >= 0) close(fd);
  JS_FreeCString(ctx, path);
  return result;
}

NATIVE(js_connect_unix) {
  union address address;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCKET_FLAGS, 0);
  socklen_t length = unix_address(&address, path);
  bool failed = fd < 0 || !length || connect(fd, &address.any, length) < 0;
  JSValue result = failed ? throw_errno(ctx, errno, "dial unix", path) : JS_NewInt32(ctx, fd);
  if (failed && fd >= 0) close(fd);
  JS_FreeCString(ctx, path);
  return result;
}

NATIVE(js_socket_pair) {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCKET_FLAGS, 0, fds) < 0) return throw_errno(ctx, errno, "socketpair", NULL);
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, fds[0]));
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, fds[1]));
  return pair;
}

NATIVE(js_peer_credentials) {
  int fd;
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
    return throw_errno(ctx, errno, "getsockopt", "SO_PEERCRED");
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "pid", JS_NewInt32(ctx, credentials.pid));
  set_property(ctx, object, "uid", JS_NewUint32(ctx, credentials.uid));
  set_property(ctx, object, "gid", JS_NewUint32(ctx, credentials.gid));
  return object;
}

/* ---- TCP and UDP ---- */

/* Makes an IP socket and applies call (bind or connect) to it; a connection under way counts as done. */
static JSValue open_ip(JSContext *ctx, JSValueConst *argv, int type, bool server, const char *name) {
  int port;
  union address address;
  char subject[INET6_ADDRSTRLEN + 10];
  if (JS_ToInt32(ctx, &port, argv[1])) return JS_EXCEPTION;
  const char *host = JS_ToCString(ctx, argv[0]);
  if (!host) return JS_EXCEPTION;
  snprintf(subject, sizeof subject, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
  socklen_t length = parse_address(&address, host, port);
  JS_FreeCString(ctx, host);
  if (!length) return throw_errno(ctx, EINVAL, name, subject);

  int fd = socket(address.any.sa_family, type | SOCKET_FLAGS, 0), on = 1;
  bool failed = fd < 0;
  if (!failed && server) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.any.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    failed = bind(fd, &address.any, length) < 0 || (type == SOCK_STREAM && listen(fd, 128) < 0);
  } else if (!failed) {
    failed = connect(fd, &address.any, length) < 0 && errno != EINPROGRESS;
  }
  if (!failed) return JS_NewInt32(ctx, fd);
  JSValue result = throw_errno(ctx, errno, name, subject);
  if (fd >= 0) close(fd);
  return result;
}

NATIVE(js_listen_tcp) { return open_ip(ctx, argv, SOCK_STREAM, true, "listen tcp"); }

NATIVE(js_connect_tcp) { return open_ip(ctx, argv, SOCK_STREAM, false, "dial tcp"); }

NATIVE(js_bind_udp) { return open_ip(ctx, argv, SOCK_DGRAM, true, "listen udp"); }

NATIVE(js_connect_udp) { return open_ip(ctx, argv, SOCK_DGRAM, false, "dial udp"); }

/* A socket for a transport protocol by its name; -1 with errno. */
static int transport_socket(int family, const char *protocol) {
  if (!strcmp(protocol, "tcp")) return socket(family, SOCK_STREAM | SOCKET_FLAGS, IPPROTO_TCP);
  if (!strcmp(protocol, "udp")) return socket(family, SOCK_DGRAM | SOCKET_FLAGS, IPPROTO_UDP);
  if (!strcmp(protocol, "sctp")) return socket(family, SOCK_STREAM | SOCKET_FLAGS, IPPROTO_SCTP);
  errno = EPROTONOSUPPORT;
  return -1;
}

/* bindPort(protocol, address, port): takes a port for somebody else to serve. */
NATIVE(js_bind_port) {
  union address address;
  char subject[INET6_ADDRSTRLEN + 10];
  int port, fd = -1, on = 1;
  if (JS_ToInt32(ctx, &port, argv[2])) return JS_EXCEPTION;
  const char *protocol = JS_ToCString(ctx, argv[0]);
  const char *host = protocol ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (!host) goto done;
  snprintf(subject, sizeof subject, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
  socklen_t length = parse_address(&address, host, port);
  if (!length) {
    result = throw_errno(ctx, EINVAL, "bind", subject);
    goto done;
  }
  bool four = address.any.sa_family == AF_INET;
  fd = transport_socket(address.any.sa_family, protocol);
  if (fd >= 0) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!four) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (!strcmp(protocol, "udp")) {
      if (four)
        setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
      else
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    }
  }
  if (fd >= 0 && bind(fd, &address.any, length) == 0) {
    result = JS_NewInt32(ctx, fd);
  } else {
    result = throw_errno(ctx, errno, "bind", subject);
    if (fd >= 0) close(fd);
  }

done:
  JS_FreeCString(ctx, host);
  JS_FreeCString(ctx, protocol);
  return result;
}

NATIVE(js_listen) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  return listen(fd, SOMAXCONN) < 0 ? throw_errno(ctx, errno, "listen", NULL) : JS_UNDEFINED;
}

/* The pending error of a connection that was under way: an errno name, or null. */
NATIVE(js_take_error) {
  int fd, error = 0;
  socklen_t length = sizeof error;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) error = errno;
  return error ? throw_errno(ctx, error, "connect", NULL) : JS_UNDEFINED;
}

/* A connection's descriptor, or -1 where none waits. */
NATIVE(js_accept) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  int connection = accept4(fd, NULL, NULL, SOCKET_FLAGS);
  if (connection >= 0) return JS_NewInt32(ctx, connection);
  return errno == EAGAIN || errno == ECONNABORTED ? JS_NewInt32(ctx, -1) : throw_errno(ctx, errno, "accept", NULL);
}

NATIVE(js_shutdown) {
  int fd, how;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &how, argv[1])) return JS_EXCEPTION;
  if (shutdown(fd, how) == 0 || errno == ENOTCONN) return JS_UNDEFINED;
  return throw_errno(ctx, errno, "shutdown", NULL);
}

static JSValue name_of(JSContext *ctx, JSValueConst fd_value, int (*call)(int, struct sockaddr *, socklen_t *),
                       const char *name) {
  int fd;
  union address address = {0};
  socklen_t length = sizeof address;
  if (JS_ToInt32(ctx, &fd, fd_value)) return JS_EXCEPTION;
  return call(fd, &address.any, &length) < 0 ? throw_errno(ctx, errno, name, NULL) : describe_address(ctx, &address);
}

static int get_sock_name(int fd, struct sockaddr *address, socklen_t *length) {
  return getsockname(fd, address, length);
}

static int get_peer_name(int fd, struct sockaddr *address, socklen_t *length) {
  return getpeername(fd, address, length);
}

NATIVE(js_local_address) { return name_of(ctx, argv[0], get_sock_name, "getsockname"); }

NATIVE(js_peer_address) { return name_of(ctx, argv[0], get_peer_name, "getpeername"); }

/* receiveFrom(fd, buffer) → {length, address, port}, or null where nothing waits. */
NATIVE(js_receive_from) {
  int fd;
  struct bytes buffer;
  union address address = {0};
  socklen_t length = sizeof address;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &buffer)) return JS_EXCEPTION;
  ssize_t count = recvfrom(fd, buffer.data, buffer.length, 0, &address.any, &length);
  if (count < 0) return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "recvfrom", NULL);
  JSValue object = describe_address(ctx, &address);
  set_property(ctx, object, "length", JS_NewInt64(ctx, count));
  return object;
}

NATIVE(js_send_to) {
  int fd, port;
  struct bytes data;
  union address address;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &data) || JS_ToInt32(ctx, &port, argv[3]))
    return JS_EXCEPTION;
  const char *host = JS_ToCString(ctx, argv[2]);
  if (!host) return JS_EXCEPTION;
  socklen_t length = parse_address(&address, host, port);
  JS_FreeCString(ctx, host);
  ssize_t count = sendto(fd, data.data, data.length, 0, &address.any, length);
  return count < 0 && errno != EAGAIN ? throw_errno(ctx, errno, "sendto", NULL) : JS_NewInt64(ctx, count);
}

/* ---- sockets that others use too, whose mode must stay as it is ---- */

/* receive(fd, buffer) → bytes read, 0 at the end, -1 where it would block, whatever the socket's own mode. */
NATIVE(js_receive) {
  int fd;
  struct bytes buffer;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &buffer)) return JS_EXCEPTION;
  ssize_t count = recv(fd, buffer.data, buffer.length, MSG_DONTWAIT);
  return count < 0 && errno != EAGAIN ? throw_errno(ctx, errno, "recv", NULL) : JS_NewInt64(ctx, count);
}

/* send(fd, data, offset) → bytes written, -1 where it would block, likewise. */
NATIVE(js_send) {
  int fd;
  uint32_t offset;
  struct bytes data;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &data) || JS_ToUint32(ctx, &offset, argv[2]))
    return JS_EXCEPTION;
  if (offset > data.length) return JS_ThrowRangeError(ctx, "offset %u is behind the data", offset);
  ssize_t count = send(fd, data.data + offset, data.length - offset, MSG_DONTWAIT | MSG_NOSIGNAL);
  return count < 0 && errno != EAGAIN ? throw_errno(ctx, errno, "send", NULL) : JS_NewInt64(ctx, count);
}

/* ---- passing descriptors (unix(7), SCM_RIGHTS) ---- */

/* sendWithFds(fd, data, fds) → bytes sent, -1 where it would block. */
NATIVE(js_send_with_fds) {
  int fd, count;
  struct data data;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  int *fds = get_ints(ctx, argv[2], &count);
  if (!fds) return JS_EXCEPTION;
  if (count > MAX_PASSED || get_data(ctx, argv[1], &data)) {
    free(fds);
    return JS_ThrowRangeError(ctx, "cannot pass %d descriptors at once", count);
  }
  char control[CMSG_SPACE(sizeof(int) * MAX_PASSED)] __attribute__((aligned(8)));
  struct iovec part = {.iov_base = data.bytes.data, .iov_len = data.bytes.length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)count);
  }
  ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
  int error = errno;
  free_data(ctx, &data);
  free(fds);
  return sent < 0 && error != EAGAIN ? throw_errno(ctx, error, "sendmsg", NULL) : JS_NewInt64(ctx, sent);
}

/* receiveWithFds(fd, buffer) → {length, fds}, or null where nothing waits; length 0 is the end. */
NATIVE(js_receive_with_fds) {
  int fd;
  struct bytes buffer;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &buffer)) return JS_EXCEPTION;
  char control[CMSG_SPACE(sizeof(int) * MAX_PASSED)] __attribute__((aligned(8)));
  struct iovec part = {.iov_base = buffer.data, .iov_len = buffer.length};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  if (count < 0) return errno == EAGAIN ? JS_NULL : throw_errno(ctx, errno, "recvmsg", NULL);
  JSValue fds = JS_NewArray(ctx);
  uint32_t index = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t passed = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < passed; i++) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
      JS_SetPropertyUint32(ctx, fds, index++, JS_NewInt32(ctx, descriptor));
    }
  }
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "length", JS_NewInt64(ctx, count));
  set_property(ctx, object, "fds", fds);
  return object;
}

static const JSCFunctionListEntry socket_exports[] = {
    JS_CFUNC_DEF("listenUnix", 2, js_listen_unix),
    JS_CFUNC_DEF("connectUnix", 1, js_connect_unix),
    JS_CFUNC_DEF("pair", 0, js_socket_pair),
    JS_CFUNC_DEF("peerCredentials", 1, js_peer_credentials),
    JS_CFUNC_DEF("listenTcp", 2, js_listen_tcp),
    JS_CFUNC_DEF("connectTcp", 2, js_connect_tcp),
    JS_CFUNC_DEF("bindUdp", 2, js_bind_udp),
    JS_CFUNC_DEF("connectUdp", 2, js_connect_udp),
    JS_CFUNC_DEF("bindPort", 3, js_bind_port),
    JS_CFUNC_DEF("listen", 1, js_listen),
    JS_CFUNC_DEF("takeError", 1, js_take_error),
    JS_CFUNC_DEF("accept", 1, js_accept),
    JS_CFUNC_DEF("shutdown", 2, js_shutdown),
    JS_CFUNC_DEF("localAddress", 1, js_local_address),
    JS_CFUNC_DEF("peerAddress", 1, js_peer_address),
    JS_CFUNC_DEF("receiveFrom", 2, js_receive_from),
    JS_CFUNC_DEF("sendTo", 4, js_send_to),
    JS_CFUNC_DEF("receive", 2, js_receive),
    JS_CFUNC_DEF("send", 3, js_send),
    JS_CFUNC_DEF("sendWithFds", 3, js_send_with_fds),
    JS_CFUNC_DEF("receiveWithFds", 2, js_receive_with_fds),
    JS_CONST(SHUT_RD),
    JS_CONST(SHUT_WR),
    JS_CONST(SHUT_RDWR),
};
const struct native_module module_socket = {"native:socket", socket_exports, COUNT_OF(socket_exports)};
