/* native:loop: file descriptors, timers, signals and child processes as events, on one epoll set. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "../common/timestamp.h"
#include "runtime.h"

#define MAX_SIGNAL 64

struct timer {
  int64_t due; /* ms, CLOCK_MONOTONIC */
  int id;
  JSValue callback;
};

/* A registration made from JavaScript. */
struct js_watcher {
  struct watcher watcher;
  JSValue callback;
  int id;
};

static struct {
  JSContext *ctx;
  int epoll;
  struct js_watcher **watchers; /* by id; NULL where free */
  int watcher_slots;
  int active; /* watchers of C and JavaScript that keep the loop alive */
  struct timer *timers; /* a binary heap by due time */
  int timer_count, timer_space, next_timer;
  struct watcher signal_watcher;
  sigset_t signals;
  JSValue signal_callbacks[MAX_SIGNAL + 1];
  JSValue rejection_callback;
  struct rejection *rejections;
  struct watcher **ready; /* of the batch under way, so that unwatch can forget one */
  int ready_count;
  bool exiting;
  int status;
} loop;

static int64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- calls into JavaScript ---- */

static void fail(JSContext *ctx) {
  print_exception(ctx, JS_GetException(ctx));
  loop_exit(70); /* EX_SOFTWARE: an exception that nobody catches is a bug */
}

/* ---- rejected promises ---- */

/* A promise that was rejected while nobody listened; somebody may before the jobs have run. */
struct rejection {
  JSValue promise, reason;
  struct rejection *next;
};

static void on_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, JS_BOOL is_handled, void *opaque) {
  if (!is_handled) {
    struct rejection *rejection = malloc(sizeof *rejection);
    if (!rejection) abort();
    *rejection = (struct rejection){JS_DupValue(ctx, promise), JS_DupValue(ctx, reason), loop.rejections};
    loop.rejections = rejection;
    return;
  }
  for (struct rejection **link = &loop.rejections; *link; link = &(*link)->next) {
    struct rejection *rejection = *link;
    if (JS_VALUE_GET_PTR(rejection->promise) != JS_VALUE_GET_PTR(promise)) continue;
    *link = rejection->next;
    JS_FreeValue(ctx, rejection->promise);
    JS_FreeValue(ctx, rejection->reason);
    free(rejection);
    return;
  }
}

static void report_rejections(JSContext *ctx) {
  while (loop.rejections) {
    struct rejection *rejection = loop.rejections;
    loop.rejections = rejection->next;
    JSValueConst arguments[2] = {rejection->promise, rejection->reason};
    JSValue result = JS_UNDEFINED;
    if (!JS_IsUndefined(loop.rejection_callback))
      result = JS_Call(ctx, loop.rejection_callback, JS_UNDEFINED, 2, arguments);
    if (JS_IsException(result)) fail(ctx);
    JS_FreeValue(ctx, result);
    JS_FreeValue(ctx, rejection->promise);
    JS_FreeValue(ctx, rejection->reason);
    free(rejection);
  }
}

static void run_jobs(void) {
  JSContext *ctx;
  int result;
  while (!loop.exiting && (result = JS_ExecutePendingJob(JS_GetRuntime(loop.ctx), &ctx)) != 0)
    if (result < 0) fail(ctx);
  if (loop.rejections) report_rejections(loop.ctx);
}

void loop_call(JSContext *ctx, JSValueConst function, JSValue argument) {
  JSValue callback = JS_DupValue(ctx, function); /* it may unregister itself */
  JSValueConst arguments[1] = {argument};
  JSValue result = JS_Call(ctx, callback, JS_UNDEFINED, 1, arguments);
  if (JS_IsException(result)) fail(ctx);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, argument);
  JS_FreeValue(ctx, callback);
  run_jobs();
}

/* ---- watchers ---- */

int loop_watch(struct watcher *watcher, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = watcher};
  if (epoll_ctl(loop.epoll, EPOLL_CTL_ADD, fd, &event) < 0) return -1;
  watcher->fd = fd;
  watcher->events = events;
  watcher->active = true;
  loop.active++;
  return 0;
}

int loop_modify(struct watcher *watcher, uint32_t events) {
  if (watcher->events == events) return 0;
  struct epoll_event event = {.events = events, .data.ptr = watcher};
  if (epoll_ctl(loop.epoll, EPOLL_CTL_MOD, watcher->fd, &event) < 0) return -1;
  watcher->events = events;
  return 0;
}

void loop_unwatch(struct watcher *watcher) {
  if (!watcher->active) return;
  epoll_ctl(loop.epoll, EPOLL_CTL_DEL, watcher->fd, NULL);
  watcher->active = false;
  loop.active--;
  for (int i = 0; i < loop.ready_count; i++)
    if (loop.ready[i] == watcher) loop.ready[i] = NULL;
}

static void js_watcher_ready(struct watcher *watcher, uint32_t events) {
  struct js_watcher *self = (struct js_watcher *)watcher;
  loop_call(loop.ctx, self->callback, JS_NewInt32(loop.ctx, (int32_t)events));
}

static int free_watcher_slot(void) {
  for (int i = 0; i < loop.watcher_slots; i++)
    if (!loop.watchers[i]) return i;
  int slots = loop.watcher_slots ? loop.watcher_slots * 2 : 32;
  struct js_watcher **watchers = realloc(loop.watchers, (size_t)slots * sizeof *watchers);
  if (!watchers) abort();
  memset(watchers + loop.watcher_slots, 0, (size_t)(slots - loop.watcher_slots) * sizeof *watchers);
  loop.watchers = watchers;
  int slot = loop.watcher_slots;
  loop.watcher_slots = slots;
  return slot;
}

static struct js_watcher *watcher_of(JSContext *ctx, JSValueConst id) {
  int32_t index;
  if (JS_ToInt32(ctx, &index, id)) return NULL;
  if (index < 0 || index >= loop.watcher_slots || !loop.watchers[index]) {
    JS_ThrowRangeError(ctx, "no such watch: %d", index);
    return NULL;
  }
  return loop.watchers[index];
}

NATIVE(js_watch) {
  int32_t fd, events;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &events, argv[1])) return JS_EXCEPTION;
  struct js_watcher *self = calloc(1, sizeof *self);
  if (!self) return JS_ThrowOutOfMemory(ctx);
  self->watcher.ready = js_watcher_ready;
  if (loop_watch(&self->watcher, fd, (uint32_t)events) < 0) {
    free(self);
    return throw_errno(ctx, errno, "epoll_ctl", NULL);
  }
  self->callback = JS_DupValue(ctx, argv[2]);
  self->id = free_watcher_slot();
  loop.watchers[self->id] = self;
  return JS_NewInt32(ctx, self->id);
}

NATIVE(js_modify) {
  struct js_watcher *self = watcher_of(ctx, argv[0]);
  int32_t events;
  if (!self || JS_ToInt32(ctx, &events, argv[1])) return JS_EXCEPTION;
  if (loop_modify(&self->watcher, (uint32_t)events) < 0) return throw_errno(ctx, errno, "epoll_ctl", NULL);
  return JS_UNDEFINED;
}

NATIVE(js_unwatch) {
  struct js_watcher *self = watcher_of(ctx, argv[0]);
  if (!self) return JS_EXCEPTION;
  loop_unwatch(&self->watcher);
  loop.watchers[self->id] = NULL;
  JS_FreeValue(ctx, self->callback);
  free(self);
  return JS_UNDEFINED;
}

/* ---- timers ---- */

static void swap_timers(int a, int b) {
  struct timer held = loop.timers[a];
  loop.timers[a] = loop.timers[b];
  loop.timers[b] = held;
}

static bool due_before(int a, int b) {
  const struct timer *left = &loop.timers[a], *right = &loop.timers[b];
  return left->due != right->due ? left->due < right->due : left->id < right->id;
}

static void sift_up(int index) {
  while (index > 0 && due_before(index, (index - 1) / 2)) {
    swap_timers(index, (index - 1) / 2);
    index = (index - 1) / 2;
  }
}

static void sift_down(int index) {
  for (;;) {
    int least = index, left = 2 * index + 1, right = left + 1;
    if (left < loop.timer_count && due_before(left, least)) least = left;
    if (right < loop.timer_count && due_before(right, least)) least = right;
    if (least == index) return;
    swap_timers(index, least);
    index = least;
  }
}

static JSValue take_timer(int index) {
  JSValue callback = loop.timers[index].callback;
  loop.timers[index] = loop.timers[--loop.timer_count];
  if (index < loop.timer_count) {
    sift_up(index);
    sift_down(index);
  }
  return callback;
}

NATIVE(js_set_timer) {
  double delay;
  if (JS_ToFloat64(ctx, &delay, argv[0])) return JS_EXCEPTION;
  if (loop.timer_count == loop.timer_space) {
    loop.timer_space = loop.timer_space ? loop.timer_space * 2 : 16;
    loop.timers = realloc(loop.timers, (size_t)loop.timer_space * sizeof *loop.timers);
    if (!loop.timers) abort();
  }
  int id = ++loop.next_timer;
  loop.timers[loop.timer_count] = (struct timer){
      .due = monotonic_ms() + (delay > 0 ? (int64_t)delay : 0), .id = id, .callback = JS_DupValue(ctx, argv[1])};
  sift_up(loop.timer_count++);
  return JS_NewInt32(ctx, id);
}

NATIVE(js_clear_timer) {
  int32_t id;
  if (JS_ToInt32(ctx, &id, argv[0])) return JS_EXCEPTION;
  for (int i = 0; i < loop.timer_count; i++)
    if (loop.timers[i].id == id) {
      JS_FreeValue(ctx, take_timer(i));
      break;
    }
  return JS_UNDEFINED;
}

static void run_due_timers(void) {
  int64_t now = monotonic_ms();
  int newest = loop.next_timer; /* timers set by these callbacks wait for the next round */
  while (!loop.exiting && loop.timer_count > 0 && loop.timers[0].due <= now && loop.timers[0].id <= newest) {
    JSValue callback = take_timer(0);
    loop_call(loop.ctx, callback, JS_UNDEFINED);
    JS_FreeValue(loop.ctx, callback);
  }
}

/* ---- signals ---- */

static void signals_ready(struct watcher *watcher, uint32_t events) {
  struct signalfd_siginfo info;
  while (read(watcher->fd, &info, sizeof info) == sizeof info) {
    JSValueConst callback = loop.signal_callbacks[info.ssi_signo];
    if (!JS_IsUndefined(callback)) loop_call(loop.ctx, callback, JS_NewInt32(loop.ctx, (int32_t)info.ssi_signo));
  }
}

NATIVE(js_on_signal) {
  int32_t number;
  if (JS_ToInt32(ctx, &number, argv[0])) return JS_EXCEPTION;
  if (number < 1 || number > MAX_SIGNAL) return JS_ThrowRangeError(ctx, "no such signal: %d", number);
  sigaddset(&loop.signals, number);
  sigprocmask(SIG_BLOCK, &loop.signals, NULL);
  int fd = signalfd(loop.signal_watcher.active ? loop.signal_watcher.fd : -1, &loop.signals,
                    SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd < 0) return throw_errno(ctx, errno, "signalfd", NULL);
  if (!loop.signal_watcher.active) {
    loop.signal_watcher.ready = signals_ready;
    if (loop_watch(&loop.signal_watcher, fd, EPOLLIN) < 0) return throw_errno(ctx, errno, "epoll_ctl", NULL);
    loop.active--; /* waiting for signals alone does not keep a process alive */
  }
  JS_FreeValue(ctx, loop.signal_callbacks[number]);
  loop.signal_callbacks[number] = JS_DupValue(ctx, argv[1]);
  return JS_UNDEFINED;
}

/* ---- the rest of the module ---- */

NATIVE(js_monotonic) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return JS_NewFloat64(ctx, (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6);
}

/* The time of day as RFC 3339 with nanoseconds, zeros at the end cut off as Go does. */
NATIVE(js_timestamp) {
  char text[40];
  return JS_NewStringLen(ctx, text, format_now(text));
}

NATIVE(js_on_rejection) {
  JS_FreeValue(ctx, loop.rejection_callback);
  loop.rejection_callback = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

NATIVE(js_exit) {
  int32_t status;
  if (JS_ToInt32(ctx, &status, argv[0])) return JS_EXCEPTION;
  loop_exit(status);
  return JS_UNDEFINED;
}

void loop_exit(int status) {
  if (loop.exiting) return;
  loop.exiting = true;
  loop.status = status;
}

int loop_init(JSContext *ctx) {
  loop.ctx = ctx;
  loop.epoll = epoll_create1(EPOLL_CLOEXEC);
  sigemptyset(&loop.signals);
  for (int i = 0; i <= MAX_SIGNAL; i++) loop.signal_callbacks[i] = JS_UNDEFINED;
  loop.rejection_callback = JS_UNDEFINED;
  JS_SetHostPromiseRejectionTracker(JS_GetRuntime(ctx), on_rejection, NULL);
  return loop.epoll;
}

int loop_run(JSContext *ctx) {
  struct epoll_event events[32];
  struct watcher *ready[COUNT_OF(events)];
  run_jobs();
  while (!loop.exiting && (loop.active > 0 || loop.timer_count > 0)) {
    int timeout = -1;
    if (loop.timer_count > 0) {
      int64_t wait = loop.timers[0].due - monotonic_ms();
      timeout = wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
    }
    int count = epoll_wait(loop.epoll, events, COUNT_OF(events), timeout);
    if (count < 0 && errno != EINTR) abort();
    for (int i = 0; i < count; i++) ready[i] = events[i].data.ptr;
    loop.ready = ready;
    loop.ready_count = count < 0 ? 0 : count;
    for (int i = 0; i < loop.ready_count && !loop.exiting; i++)
      if (ready[i]) ready[i]->ready(ready[i], events[i].events);
    loop.ready_count = 0;
    run_due_timers();
  }
  return loop.status;
}

static const JSCFunctionListEntry loop_exports[] = {
    JS_CFUNC_DEF("watch", 3, js_watch),
    JS_CFUNC_DEF("modify", 2, js_modify),
    JS_CFUNC_DEF("unwatch", 1, js_unwatch),
    JS_CFUNC_DEF("setTimer", 2, js_set_timer),
    JS_CFUNC_DEF("clearTimer", 1, js_clear_timer),
    JS_CFUNC_DEF("onSignal", 2, js_on_signal),
    JS_CFUNC_DEF("onUnhandledRejection", 1, js_on_rejection),
    JS_CFUNC_DEF("monotonic", 0, js_monotonic),
    JS_CFUNC_DEF("timestamp", 0, js_timestamp),
    JS_CFUNC_DEF("exit", 1, js_exit),
    JS_CONST(EPOLLIN),
    JS_CONST(EPOLLOUT),
    JS_CONST(EPOLLPRI),
    JS_CONST(EPOLLHUP),
    JS_CONST(EPOLLERR),
    JS_CONST(EPOLLRDHUP),
};
const struct native_module module_loop = {"native:loop", loop_exports, COUNT_OF(loop_exports)};
