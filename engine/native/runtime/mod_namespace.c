/* native:namespace: mounts and namespaces, from the daemon's own thread. What a container's first process
 * does to itself is the shim's (engine/native/shim). */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime.h"

/*
 * mount(source, target, type, flags, data?, directory?): with a directory, relative paths in source and data
 * are taken from there. An overlay of many layers needs that: its options must fit in one page.
 */
NATIVE(js_mount) {
  const char *source = NULL, *target = NULL, *type = NULL, *data = NULL, *directory = NULL;
  uint32_t flags;
  JSValue result = JS_EXCEPTION;
  int back = -1;
  if (optional_text(ctx, argv[0], &source) || !(target = JS_ToCString(ctx, argv[1])) ||
      optional_text(ctx, argv[2], &type) || JS_ToUint32(ctx, &flags, argv[3]) ||
      optional_text(ctx, argv[4], &data) || optional_text(ctx, argv[5], &directory))
    goto done;
  if (directory) {
    back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (back < 0 || chdir(directory) < 0) {
      result = throw_errno(ctx, errno, "chdir", directory);
      goto done;
    }
  }
  int failed = mount(source, target, type, flags, data), error = errno;
  if (directory && fchdir(back) < 0) result = throw_errno(ctx, errno, "fchdir", NULL);
  else result = failed ? throw_errno(ctx, error, "mount", target) : JS_UNDEFINED;
done:
  if (back >= 0) close(back);
  JS_FreeCString(ctx, source);
  JS_FreeCString(ctx, target);
  JS_FreeCString(ctx, type);
  JS_FreeCString(ctx, data);
  JS_FreeCString(ctx, directory);
  return result;
}

NATIVE(js_unmount) {
  int flags = 0;
  if (!JS_IsUndefined(argv[1]) && JS_ToInt32(ctx, &flags, argv[1])) return JS_EXCEPTION;
  const char *target = JS_ToCString(ctx, argv[0]);
  if (!target) return JS_EXCEPTION;
  JSValue result = umount2(target, flags) < 0 ? throw_errno(ctx, errno, "unmount", target) : JS_UNDEFINED;
  JS_FreeCString(ctx, target);
  return result;
}

NATIVE(js_pivot_root) {
  const char *root = JS_ToCString(ctx, argv[0]);
  const char *old = root ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (old) result = syscall(SYS_pivot_root, root, old) < 0 ? throw_errno(ctx, errno, "pivot_root", root) : JS_UNDEFINED;
  JS_FreeCString(ctx, old);
  JS_FreeCString(ctx, root);
  return result;
}

NATIVE(js_unshare) {
  int flags;
  if (JS_ToInt32(ctx, &flags, argv[0])) return JS_EXCEPTION;
  return unshare(flags) < 0 ? throw_errno(ctx, errno, "unshare", NULL) : JS_UNDEFINED;
}

/* Enters the namespace that a path names; type 0 takes any. */
static int enter(const char *path, int type) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = setns(fd, type), error = errno;
  close(fd);
  errno = error;
  return result;
}

NATIVE(js_setns) {
  int type;
  if (JS_ToInt32(ctx, &type, argv[1])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  JSValue result = enter(path, type) < 0 ? throw_errno(ctx, errno, "setns", path) : JS_UNDEFINED;
  JS_FreeCString(ctx, path);
  return result;
}

/* A new network namespace bound to a path, so that it outlives every process; ours stays as it was. */
NATIVE(js_create_network) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  const char *call = "open";
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), error = 0;
  int file = own < 0 ? -1 : open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
  if (file < 0) {
    error = errno;
  } else {
    close(file);
    call = "unshare";
    if (unshare(CLONE_NEWNET) < 0) {
      error = errno;
    } else {
      call = "mount";
      if (mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) < 0) error = errno;
      if (setns(own, CLONE_NEWNET) < 0) {
        call = "setns"; /* the daemon would go on in the wrong namespace */
        error = errno;
      }
    }
    if (error) unlink(path);
  }
  if (own >= 0) close(own);
  JSValue result = error ? throw_errno(ctx, error, call, path) : JS_UNDEFINED;
  JS_FreeCString(ctx, path);
  return result;
}

/* Calls a function while this thread is in the network namespace at a path. The function must not await. */
NATIVE(js_in_network) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  JSValue result;
  if (own < 0 || enter(path, CLONE_NEWNET) < 0) {
    result = throw_errno(ctx, errno, "setns", path);
  } else {
    result = JS_Call(ctx, argv[1], JS_UNDEFINED, 0, NULL);
    if (setns(own, CLONE_NEWNET) < 0) {
      JS_FreeValue(ctx, result);
      result = throw_errno(ctx, errno, "setns", "/proc/self/ns/net");
    }
  }
  if (own >= 0) close(own);
  JS_FreeCString(ctx, path);
  return result;
}

static const JSCFunctionListEntry namespace_exports[] = {
    JS_CFUNC_DEF("mount", 6, js_mount),
    JS_CFUNC_DEF("unmount", 2, js_unmount),
    JS_CFUNC_DEF("pivotRoot", 2, js_pivot_root),
    JS_CFUNC_DEF("unshare", 1, js_unshare),
    JS_CFUNC_DEF("setns", 2, js_setns),
    JS_CFUNC_DEF("createNetwork", 1, js_create_network),
    JS_CFUNC_DEF("inNetwork", 2, js_in_network),
    JS_CONST(MS_RDONLY), JS_CONST(MS_NOSUID), JS_CONST(MS_NODEV), JS_CONST(MS_NOEXEC), JS_CONST(MS_REMOUNT),
    JS_CONST(MS_BIND), JS_CONST(MS_REC), JS_CONST(MS_PRIVATE), JS_CONST(MS_SLAVE), JS_CONST(MS_SHARED),
    JS_CONST(MS_RELATIME), JS_CONST(MS_STRICTATIME), JS_CONST(MNT_DETACH), JS_CONST(MNT_FORCE),
    JS_CONST(CLONE_NEWNS), JS_CONST(CLONE_NEWUTS), JS_CONST(CLONE_NEWIPC), JS_CONST(CLONE_NEWPID),
    JS_CONST(CLONE_NEWNET), JS_CONST(CLONE_NEWUSER), JS_CONST(CLONE_NEWCGROUP),
};
const struct native_module module_namespace = {"native:namespace", namespace_exports, COUNT_OF(namespace_exports)};
