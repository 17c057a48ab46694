/* native:view: a directory with mounts over it that only we see, and paths inside it that no link leads out of. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/bind_mount.h"
#include "../common/in_root.h"
#include "runtime.h"

#define STACK_SIZE (128 * 1024)

/* What a view is made of. The child, which shares our memory, fills in the rest. */
struct request {
  const char *root;
  const char *overlay;   /* options of an overlay to see at the root, or NULL */
  const char *directory; /* where relative paths in those options start, or NULL */
  struct bind_mount *binds;
  const char **targets;
  size_t count;
  int root_fd, namespace_fd;
  int error;
  const char *call, *subject;
};

static int give_up(struct request *request, const char *call, const char *subject) {
  request->error = errno;
  request->call = call;
  request->subject = subject;
  return 1;
}

/*
 * Runs in a process with a mount namespace of its own, but with our memory and our table of descriptors. It ends at
 * once; the namespace lives on in a descriptor.
 */
static int make_view(void *argument) {
  struct request *request = argument;
  const char *failed;
  /* What is mounted in here must not reach the host. */
  if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0) return give_up(request, "mount", "/");
  if (request->overlay) {
    if (request->directory && chdir(request->directory) < 0) return give_up(request, "chdir", request->directory);
    if (mount("overlay", request->root, "overlay", MS_RDONLY, request->overlay) < 0)
      return give_up(request, "mount", request->root);
  }
  request->root_fd = open(request->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (request->root_fd < 0) return give_up(request, "open", request->root);
  for (size_t i = 0; i < request->count; i++)
    if (bind_mount_in_root(request->root_fd, request->targets[i], &request->binds[i], &failed) < 0)
      return give_up(request, "mount", strcmp(failed, "source") ? request->targets[i] : request->binds[i].source);
  request->namespace_fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  return request->namespace_fd < 0 ? give_up(request, "open", "/proc/self/ns/mnt") : 0;
}

/* Runs make_view() to its end. Returns 0, or -1 with request->error set. */
static int run(struct request *request) {
  static _Alignas(16) char stack[STACK_SIZE];
  sigset_t all, before;
  int status, flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_NEWNS;
  request->root_fd = request->namespace_fd = -1;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before); /* a handler would run on the child's stack, in our memory */
  pid_t pid = clone(make_view, stack + STACK_SIZE, flags, request);
  int error = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (pid < 0) {
    errno = error;
    give_up(request, "clone", NULL);
  } else {
    while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR) continue;
  }
  if (!request->error) return 0;
  if (request->root_fd >= 0) close(request->root_fd);
  return -1;
}

/* A property that is a string; NULL with an exception, or where it is undefined and may be. */
static const char *get_text(JSContext *ctx, JSValueConst object, const char *name, bool optional) {
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  const char *text = optional && JS_IsUndefined(value) ? NULL : JS_ToCString(ctx, value);
  JS_FreeValue(ctx, value);
  return text;
}

static int get_bind(JSContext *ctx, JSValueConst object, struct bind_mount *bind, const char **target) {
  int access, propagation;
  if (!(bind->source = get_text(ctx, object, "source", false)) ||
      !(bind->subpath = get_text(ctx, object, "subpath", false)) ||
      !(*target = get_text(ctx, object, "target", false)) ||
      get_bool_property(ctx, object, "recursive", false, &bind->recursive) ||
      get_int_property(ctx, object, "access", BIND_WRITABLE, &access) ||
      get_int_property(ctx, object, "propagation", 0, &propagation))
    return -1;
  bind->access = (enum bind_access)access;
  bind->propagation = (unsigned long)propagation;
  return 0;
}

static int get_binds(JSContext *ctx, JSValueConst array, struct request *request) {
  JSValue value = JS_GetPropertyStr(ctx, array, "length");
  int32_t length;
  int result = JS_ToInt32(ctx, &length, value);
  JS_FreeValue(ctx, value);
  if (result) return -1;
  request->binds = calloc((size_t)length + 1, sizeof *request->binds);
  request->targets = calloc((size_t)length + 1, sizeof *request->targets);
  if (!request->binds || !request->targets) abort();
  request->count = (size_t)length;
  for (int32_t i = 0; i < length && !result; i++) {
    JSValue item = JS_GetPropertyUint32(ctx, array, (uint32_t)i);
    result = get_bind(ctx, item, &request->binds[i], &request->targets[i]);
    JS_FreeValue(ctx, item);
  }
  return result;
}

static void free_request(JSContext *ctx, struct request *request) {
  for (size_t i = 0; i < request->count; i++) {
    JS_FreeCString(ctx, request->binds[i].source);
    JS_FreeCString(ctx, request->binds[i].subpath);
    JS_FreeCString(ctx, request->targets[i]);
  }
  free(request->binds);
  free(request->targets);
  JS_FreeCString(ctx, request->root);
  JS_FreeCString(ctx, request->overlay);
  JS_FreeCString(ctx, request->directory);
}

/* open(root, binds, overlay?, directory?) → [root, namespace], two descriptors */
NATIVE(js_view_open) {
  struct request request = {0};
  JSValue result = JS_EXCEPTION;
  if ((request.root = JS_ToCString(ctx, argv[0])) && get_binds(ctx, argv[1], &request) == 0 &&
      optional_text(ctx, argv[2], &request.overlay) == 0 && optional_text(ctx, argv[3], &request.directory) == 0) {
    if (run(&request) < 0) {
      result = throw_errno(ctx, request.error, request.call, request.subject);
    } else {
      result = JS_NewArray(ctx);
      JS_SetPropertyUint32(ctx, result, 0, JS_NewInt32(ctx, request.root_fd));
      JS_SetPropertyUint32(ctx, result, 1, JS_NewInt32(ctx, request.namespace_fd));
    }
  }
  free_request(ctx, &request);
  return result;
}

/* openAt(root, path, flags) → descriptor */
NATIVE(js_open_at) {
  int root, flags;
  if (JS_ToInt32(ctx, &root, argv[0]) || JS_ToInt32(ctx, &flags, argv[2])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[1]);
  if (!path) return JS_EXCEPTION;
  int fd = in_root_open(root, path, (uint64_t)flags);
  JSValue result = fd < 0 ? throw_errno(ctx, errno, "open", path) : JS_NewInt32(ctx, fd);
  JS_FreeCString(ctx, path);
  return result;
}

/* stat(root, path, follow) → as native:fs has it with the nanoseconds of its time, or null */
NATIVE(js_stat_at) {
  int root;
  struct stat status;
  if (JS_ToInt32(ctx, &root, argv[0])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[1]);
  if (!path) return JS_EXCEPTION;
  int fd = in_root_open(root, path, O_PATH | (JS_ToBool(ctx, argv[2]) > 0 ? 0 : O_NOFOLLOW));
  JSValue result;
  if (fd >= 0 && fstat(fd, &status) == 0) {
    result = new_stat(ctx, &status);
    set_property(ctx, result, "mtimeNs", JS_NewInt32(ctx, (int32_t)status.st_mtim.tv_nsec));
  } else {
    result = errno == ENOENT ? JS_NULL : throw_errno(ctx, errno, "lstat", path);
  }
  if (fd >= 0) close(fd);
  JS_FreeCString(ctx, path);
  return result;
}

/* readLink(root, path) */
NATIVE(js_read_link_at) {
  int root;
  char target[4096];
  if (JS_ToInt32(ctx, &root, argv[0])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[1]);
  if (!path) return JS_EXCEPTION;
  int fd = in_root_open(root, path, O_PATH | O_NOFOLLOW);
  ssize_t length = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof target);
  JSValue result =
      length < 0 ? throw_errno(ctx, errno, "readlink", path) : JS_NewStringLen(ctx, target, (size_t)length);
  if (fd >= 0) close(fd);
  JS_FreeCString(ctx, path);
  return result;
}

static const JSCFunctionListEntry view_exports[] = {
    JS_CFUNC_DEF("open", 4, js_view_open),
    JS_CFUNC_DEF("openAt", 3, js_open_at),
    JS_CFUNC_DEF("stat", 3, js_stat_at),
    JS_CFUNC_DEF("readLink", 2, js_read_link_at),
};
const struct native_module module_view = {"native:view", view_exports, COUNT_OF(view_exports)};
