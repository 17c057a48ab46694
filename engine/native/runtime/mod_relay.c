/*
 * native:relay: copies one descriptor to another inside the event loop, with back-pressure and without a
 * bytecode a byte. A relay works on duplicates of the descriptors, so that the same socket can be the end of
 * one and the start of another, and the caller may close its own at any time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/detach_keys.h"
#include "runtime.h"

#define BUFFER_SIZE (32 * 1024)
#define FRAME_HEADER 8

struct relay {
  struct watcher watcher; /* on the source, or on a target that is full: one at a time */
  struct relay *next;
  JSContext *ctx;
  JSValue callback;
  int id;
  int from, to[2];      /* to[1] is -1 unless frames are taken apart */
  bool from_socket, to_socket[2];
  bool always_readable; /* a regular file: the kernel has no readiness for it */
  size_t start, end;    /* of what the buffer holds */
  size_t frame_left;    /* of the current frame's payload */
  int frame_target;
  struct detach_keys keys;
  bool detached; /* the sequence has come: end once what was before it is written */
  bool paused;
  uint8_t buffer[BUFFER_SIZE + MAX_DETACH_KEYS];
};

static struct relay *relays;
static int last_id;

static void release(struct relay *relay) {
  loop_unwatch(&relay->watcher);
  close(relay->from);
  close(relay->to[0]);
  if (relay->to[1] >= 0) close(relay->to[1]);
  struct relay **link = &relays;
  while (*link != relay) link = &(*link)->next;
  *link = relay->next;
  JS_FreeValue(relay->ctx, relay->callback);
  free(relay);
}

/* Ends the relay and tells why: "end", "detach", or the side that failed and its errno ("write EPIPE broken pipe"). */
static void finish(struct relay *relay, const char *what, int error) {
  char reason[48 + ERRNO_TEXT_SIZE], text[ERRNO_TEXT_SIZE];
  JSContext *ctx = relay->ctx;
  if (error) {
    errno_text(error, text);
    snprintf(reason, sizeof reason, "%s %s %s", what, errno_name(error), text);
  } else {
    snprintf(reason, sizeof reason, "%s", what);
  }
  JSValue callback = JS_DupValue(ctx, relay->callback);
  release(relay);
  loop_call(ctx, callback, JS_NewString(ctx, reason));
  JS_FreeValue(ctx, callback);
}

/* Waits for one descriptor only: a hang-up of the other would wake us again and again. */
static int wait_for(struct relay *relay, int fd, uint32_t events) {
  if (relay->watcher.active && relay->watcher.fd == fd) return loop_modify(&relay->watcher, events);
  loop_unwatch(&relay->watcher);
  return loop_watch(&relay->watcher, fd, events);
}

/*
 * Sockets are asked not to wait call by call: another process may share them, and see no change of their mode.
 * Other descriptors are non-blocking, or regular files.
 */
static ssize_t take(struct relay *relay, void *buffer, size_t length) {
  if (relay->from_socket) return recv(relay->from, buffer, length, MSG_DONTWAIT);
  return read(relay->from, buffer, length);
}

static ssize_t give(struct relay *relay, int target, const void *data, size_t length) {
  if (relay->to_socket[target]) return send(relay->to[target], data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  return write(relay->to[target], data, length);
}

/* What of the buffer goes to which target next. Returns 0 where a frame's header is incomplete, -1 where bad. */
static ssize_t next_piece(struct relay *relay, int *target) {
  size_t held = relay->end - relay->start;
  *target = 0;
  if (relay->to[1] < 0) return (ssize_t)held;
  while (relay->frame_left == 0) {
    const uint8_t *header = relay->buffer + relay->start;
    if (held < FRAME_HEADER) return 0;
    if (header[0] > 2) return -1;
    relay->frame_target = header[0] == 2;
    relay->frame_left = (size_t)header[4] << 24 | (size_t)header[5] << 16 | (size_t)header[6] << 8 | header[7];
    relay->start += FRAME_HEADER;
    held -= FRAME_HEADER;
  }
  *target = relay->frame_target;
  return (ssize_t)(held < relay->frame_left ? held : relay->frame_left);
}

/*
 * Writes what the buffer holds. True when it is empty (or holds part of a header). False when a target is full
 * and waited for, or when that failed and the relay is gone.
 */
static bool drain(struct relay *relay) {
  for (;;) {
    int target;
    ssize_t length = next_piece(relay, &target);
    if (length < 0) {
      finish(relay, "read", EPROTO);
      return false;
    }
    if (length == 0) break;
    ssize_t written = give(relay, target, relay->buffer + relay->start, (size_t)length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      if (errno != EAGAIN || wait_for(relay, relay->to[target], EPOLLOUT) < 0) finish(relay, "write", errno);
      return false;
    }
    relay->start += (size_t)written;
    if (relay->to[1] >= 0) relay->frame_left -= (size_t)written;
  }
  memmove(relay->buffer, relay->buffer + relay->start, relay->end - relay->start);
  relay->end -= relay->start;
  relay->start = 0;
  return true;
}

/* Takes new input into the buffer, less what belongs to the detach sequence. */
static void accept_input(struct relay *relay, size_t count) {
  uint8_t *input = relay->buffer + relay->end;
  struct detach_scan scan = scan_detach_keys(&relay->keys, input, count);
  if (scan.earlier > 0) {
    memmove(input + scan.earlier, input, scan.plain);
    memcpy(input, relay->keys.keys, scan.earlier);
  }
  relay->end += scan.earlier + scan.plain;
  relay->detached = scan.found;
}

/* One round: write what is held, read what is there, write that, and wait for more. */
static void pump(struct watcher *watcher, uint32_t events) {
  struct relay *relay = (struct relay *)watcher;
  if (!drain(relay)) return;
  if (relay->detached) {
    finish(relay, "detach", 0);
    return;
  }
  ssize_t count = take(relay, relay->buffer + relay->end, BUFFER_SIZE - relay->end);
  bool nothing = count < 0 && (errno == EAGAIN || errno == EINTR);
  if (count <= 0 && !nothing) {
    finish(relay, count < 0 ? "read" : "end", count < 0 ? errno : 0);
    return;
  }
  if (!nothing) accept_input(relay, (size_t)count);
  if (!drain(relay)) return;
  if (relay->detached) {
    finish(relay, "detach", 0);
    return;
  }
  int failed = relay->always_readable ? wait_for(relay, relay->to[0], EPOLLOUT) : wait_for(relay, relay->from, EPOLLIN);
  if (failed) finish(relay, "write", errno);
}

static int duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

static bool is_socket(int fd) {
  struct stat status;
  return fd >= 0 && fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

/*
 * Begins to wait. For input that is there already the first round must come by itself: a socket, as which a
 * source with early input is required, can nearly always be written to, and that wakes us.
 */
static int wait_for_source(struct relay *relay) {
  int failed = wait_for(relay, relay->from, relay->end > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
  if (!failed || errno != EPERM) return failed;
  relay->always_readable = true;
  return wait_for(relay, relay->to[0], EPOLLOUT);
}

/*
 * start(from, to, onEnd, errorTarget?, detachKeys?, early?) → id. With an error target the input is stdcopy
 * frames (Docker's Engine API, "attach"), whose stream 2 goes there and the others to the first. Detach keys in
 * the input end the relay. Early input was read from the source before.
 */
NATIVE(js_start) {
  int from, to, other = -1;
  struct bytes keys = {0}, early = {0};
  if (JS_ToInt32(ctx, &from, argv[0]) || JS_ToInt32(ctx, &to, argv[1])) return JS_EXCEPTION;
  if (!JS_IsUndefined(argv[3]) && JS_ToInt32(ctx, &other, argv[3])) return JS_EXCEPTION;
  if (!JS_IsUndefined(argv[4]) && get_bytes(ctx, argv[4], &keys)) return JS_EXCEPTION;
  if (keys.length > MAX_DETACH_KEYS) return JS_ThrowRangeError(ctx, "too many detach keys");
  if (!JS_IsUndefined(argv[5]) && get_bytes(ctx, argv[5], &early)) return JS_EXCEPTION;
  if (early.length > BUFFER_SIZE) return JS_ThrowRangeError(ctx, "too much early input");
  struct relay *relay = malloc(sizeof *relay);
  if (!relay) return JS_ThrowOutOfMemory(ctx);
  memset(relay, 0, offsetof(struct relay, buffer));
  relay->ctx = ctx;
  relay->watcher.ready = pump;
  memcpy(relay->keys.keys, keys.data, keys.length);
  relay->keys.count = keys.length;
  relay->callback = JS_DupValue(ctx, argv[2]);
  relay->id = ++last_id;
  relay->next = relays;
  relays = relay;
  relay->from = duplicate(from);
  relay->to[0] = duplicate(to);
  relay->to[1] = other < 0 ? -1 : duplicate(other);
  relay->from_socket = is_socket(relay->from);
  for (int i = 0; i < 2; i++) relay->to_socket[i] = is_socket(relay->to[i]);
  if (early.length > 0) memcpy(relay->buffer, early.data, early.length);
  relay->end = early.length;
  if (relay->from < 0 || relay->to[0] < 0 || wait_for_source(relay) < 0) {
    int error = errno;
    release(relay);
    return throw_errno(ctx, error, "relay", NULL);
  }
  return JS_NewInt32(ctx, relay->id);
}

static struct relay *find(JSContext *ctx, JSValueConst id_value) {
  int id;
  if (JS_ToInt32(ctx, &id, id_value)) return NULL;
  for (struct relay *relay = relays; relay; relay = relay->next)
    if (relay->id == id) return relay;
  return NULL;
}

/* stop(id): ends a relay without its callback; one that has ended already is fine. */
NATIVE(js_stop) {
  struct relay *relay = find(ctx, argv[0]);
  if (relay) release(relay);
  return JS_UNDEFINED;
}

/* pause(id, paused): holds a relay still, for a terminal whose job is stopped. */
NATIVE(js_pause) {
  struct relay *relay = find(ctx, argv[0]);
  bool paused = JS_ToBool(ctx, argv[1]) > 0;
  if (!relay || relay->paused == paused) return JS_UNDEFINED;
  relay->paused = paused;
  if (paused)
    loop_unwatch(&relay->watcher);
  else
    pump(&relay->watcher, 0);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry relay_exports[] = {
    JS_CFUNC_DEF("start", 6, js_start),
    JS_CFUNC_DEF("stop", 1, js_stop),
    JS_CFUNC_DEF("pause", 2, js_pause),
};
const struct native_module module_relay = {"native:relay", relay_exports, COUNT_OF(relay_exports)};
