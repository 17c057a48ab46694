/* native:fs: files, directories and their metadata. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <dirent.h>

#include "runtime.h"

/* Ends a function that made one call on one path: undefined, or the error. */
static JSValue path_result(JSContext *ctx, int result, const char *call, const char *path) {
  JSValue value = result < 0 ? throw_errno(ctx, errno, call, path) : JS_UNDEFINED;
  JS_FreeCString(ctx, path);
  return value;
}

/* A mode argument: undefined means the default. */
static int get_mode(JSContext *ctx, JSValueConst value, int fallback, int *out) {
  *out = fallback;
  return JS_IsUndefined(value) ? 0 : JS_ToInt32(ctx, out, value);
}

/* ---- open files ---- */

NATIVE(js_open) {
  int flags, mode;
  if (JS_ToInt32(ctx, &flags, argv[1]) || get_mode(ctx, argv[2], 0666, &mode)) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  int fd = open(path, flags | O_CLOEXEC, mode);
  JSValue result = fd < 0 ? throw_errno(ctx, errno, "open", path) : JS_NewInt32(ctx, fd);
  JS_FreeCString(ctx, path);
  return result;
}

NATIVE(js_close) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  return close(fd) < 0 ? throw_errno(ctx, errno, "close", NULL) : JS_UNDEFINED;
}

/* The part of a buffer that the arguments (bytes, offset, length) name; both may be left out. */
static int get_range(JSContext *ctx, JSValueConst *argv, struct bytes *out) {
  int64_t offset = 0, length;
  if (get_bytes(ctx, argv[0], out)) return -1;
  if (!JS_IsUndefined(argv[1]) && JS_ToInt64(ctx, &offset, argv[1])) return -1;
  length = (int64_t)out->length - offset;
  if (!JS_IsUndefined(argv[2]) && JS_ToInt64(ctx, &length, argv[2])) return -1;
  if (offset < 0 || length < 0 || (uint64_t)(offset + length) > out->length) {
    JS_ThrowRangeError(ctx, "offset and length lie outside the buffer");
    return -1;
  }
  out->data += offset;
  out->length = (size_t)length;
  return 0;
}

/* The count, or -1 where the call would have blocked. */
static JSValue transfer_result(JSContext *ctx, ssize_t count, const char *call) {
  if (count >= 0) return JS_NewInt64(ctx, count);
  return errno == EAGAIN ? JS_NewInt32(ctx, -1) : throw_errno(ctx, errno, call, NULL);
}

NATIVE(js_read) {
  int fd;
  struct bytes range;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_range(ctx, argv + 1, &range)) return JS_EXCEPTION;
  return transfer_result(ctx, read(fd, range.data, range.length), "read");
}

NATIVE(js_write) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (JS_IsString(argv[1])) {
    size_t length;
    const char *text = JS_ToCStringLen(ctx, &length, argv[1]);
    if (!text) return JS_EXCEPTION;
    ssize_t count = write(fd, text, length);
    int error = errno;
    JS_FreeCString(ctx, text);
    errno = error;
    return transfer_result(ctx, count, "write");
  }
  struct bytes range;
  if (get_range(ctx, argv + 1, &range)) return JS_EXCEPTION;
  return transfer_result(ctx, write(fd, range.data, range.length), "write");
}

NATIVE(js_seek) {
  int fd, whence;
  int64_t offset;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt64(ctx, &offset, argv[1]) || JS_ToInt32(ctx, &whence, argv[2]))
    return JS_EXCEPTION;
  off_t position = lseek(fd, offset, whence);
  return position < 0 ? throw_errno(ctx, errno, "lseek", NULL) : JS_NewInt64(ctx, position);
}

NATIVE(js_fsync) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  return fsync(fd) < 0 ? throw_errno(ctx, errno, "fsync", NULL) : JS_UNDEFINED;
}

NATIVE(js_lock) {
  int fd, operation;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &operation, argv[1])) return JS_EXCEPTION;
  if (flock(fd, operation) == 0) return JS_TRUE;
  return errno == EWOULDBLOCK ? JS_FALSE : throw_errno(ctx, errno, "flock", NULL);
}

/*
 * A second open file description of the same file, so that O_NONBLOCK set on it is not seen by the
 * process that gave us the first one (a shell's terminal must stay blocking).
 */
NATIVE(js_reopen) {
  int fd, flags;
  char path[32];
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &flags, argv[1])) return JS_EXCEPTION;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int copy = open(path, flags | O_CLOEXEC | O_NOCTTY);
  return copy < 0 ? throw_errno(ctx, errno, "open", path) : JS_NewInt32(ctx, copy);
}

NATIVE(js_pipe) {
  int fds[2], flags;
  if (get_mode(ctx, argv[0], 0, &flags)) return JS_EXCEPTION;
  if (pipe2(fds, flags | O_CLOEXEC) < 0) return throw_errno(ctx, errno, "pipe", NULL);
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, fds[0]));
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, fds[1]));
  return pair;
}

/* ---- whole files ---- */

/* Reads to the end of the file. Returns a malloc'ed buffer with a NUL behind its end, or NULL with errno. */
static uint8_t *read_all(int fd, size_t *length) {
  struct stat status;
  size_t space = fstat(fd, &status) == 0 && status.st_size > 0 ? (size_t)status.st_size + 1 : 4096;
  uint8_t *buffer = malloc(space);
  *length = 0;
  while (buffer) {
    if (*length + 1 >= space) {
      uint8_t *larger = realloc(buffer, space *= 2);
      if (!larger) break;
      buffer = larger;
    }
    ssize_t count = read(fd, buffer + *length, space - *length - 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    if (count == 0) {
      buffer[*length] = 0;
      return buffer;
    }
    *length += (size_t)count;
  }
  int error = errno;
  free(buffer);
  errno = error;
  return NULL;
}

static JSValue read_file(JSContext *ctx, JSValueConst path_value, bool as_text) {
  const char *path = JS_ToCString(ctx, path_value);
  if (!path) return JS_EXCEPTION;
  JSValue result;
  size_t length;
  uint8_t *buffer = NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    result = throw_errno(ctx, errno, "open", path);
  } else if (!(buffer = read_all(fd, &length))) {
    result = throw_errno(ctx, errno, "read", path);
  } else if (as_text) {
    result = JS_NewStringLen(ctx, (char *)buffer, length);
    free(buffer);
  } else {
    result = new_bytes(ctx, buffer, length);
  }
  if (fd >= 0) close(fd);
  JS_FreeCString(ctx, path);
  return result;
}

NATIVE(js_read_file) { return read_file(ctx, argv[0], false); }

NATIVE(js_read_text) { return read_file(ctx, argv[0], true); }

static int write_all(int fd, const uint8_t *data, size_t length) {
  while (length > 0) {
    ssize_t count = write(fd, data, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    data += count;
    length -= (size_t)count;
  }
  return 0;
}

NATIVE(js_write_file) {
  int flags, mode;
  struct data data;
  if (get_mode(ctx, argv[2], O_WRONLY | O_CREAT | O_TRUNC, &flags) || get_mode(ctx, argv[3], 0666, &mode))
    return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  if (get_data(ctx, argv[1], &data)) {
    JS_FreeCString(ctx, path);
    return JS_EXCEPTION;
  }
  const char *call = "open";
  int fd = open(path, flags | O_CLOEXEC, mode), error = 0;
  if (fd < 0) {
    error = errno;
  } else {
    call = "write";
    if (write_all(fd, data.bytes.data, data.bytes.length) < 0) error = errno;
    if (close(fd) < 0 && !error) error = errno;
  }
  JSValue result = error ? throw_errno(ctx, error, call, path) : JS_UNDEFINED;
  free_data(ctx, &data);
  JS_FreeCString(ctx, path);
  return result;
}

/* ---- metadata ---- */

static const char *kind_of_mode(mode_t mode) {
  switch (mode & S_IFMT) {
  case S_IFREG: return "file";
  case S_IFDIR: return "directory";
  case S_IFLNK: return "symlink";
  case S_IFCHR: return "char-device";
  case S_IFBLK: return "block-device";
  case S_IFIFO: return "fifo";
  default: return "socket";
  }
}

JSValue new_stat(JSContext *ctx, const struct stat *status) {
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "kind", JS_NewString(ctx, kind_of_mode(status->st_mode)));
  set_property(ctx, object, "mode", JS_NewInt32(ctx, status->st_mode & 07777));
  set_property(ctx, object, "size", JS_NewInt64(ctx, status->st_size));
  set_property(ctx, object, "blocks", JS_NewInt64(ctx, status->st_blocks));
  set_property(ctx, object, "uid", JS_NewUint32(ctx, status->st_uid));
  set_property(ctx, object, "gid", JS_NewUint32(ctx, status->st_gid));
  set_property(ctx, object, "dev", JS_NewInt64(ctx, (int64_t)status->st_dev));
  set_property(ctx, object, "ino", JS_NewInt64(ctx, (int64_t)status->st_ino));
  set_property(ctx, object, "nlink", JS_NewInt64(ctx, (int64_t)status->st_nlink));
  set_property(ctx, object, "major", JS_NewUint32(ctx, major(status->st_rdev)));
  set_property(ctx, object, "minor", JS_NewUint32(ctx, minor(status->st_rdev)));
  set_property(ctx, object, "mtimeMs",
               JS_NewFloat64(ctx, (double)status->st_mtim.tv_sec * 1e3 + (double)status->st_mtim.tv_nsec / 1e6));
  return object;
}

NATIVE(js_stat) {
  struct stat status;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  bool follow = JS_ToBool(ctx, argv[1]) > 0;
  int failed = follow ? stat(path, &status) : lstat(path, &status);
  if (failed) {
    bool absent = errno == ENOENT || errno == ENOTDIR;
    JSValue result = absent ? JS_NULL : throw_errno(ctx, errno, follow ? "stat" : "lstat", path);
    JS_FreeCString(ctx, path);
    return result;
  }
  JS_FreeCString(ctx, path);
  return new_stat(ctx, &status);
}

NATIVE(js_statfs) {
  struct statfs status;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  if (statfs(path, &status) < 0) return path_result(ctx, -1, "statfs", path);
  JS_FreeCString(ctx, path);
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "type", JS_NewUint32(ctx, (uint32_t)status.f_type));
  set_property(ctx, object, "total", JS_NewFloat64(ctx, (double)status.f_blocks * (double)status.f_bsize));
  set_property(ctx, object, "free", JS_NewFloat64(ctx, (double)status.f_bavail * (double)status.f_bsize));
  return object;
}

NATIVE(js_chmod) {
  int mode;
  if (JS_ToInt32(ctx, &mode, argv[1])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, chmod(path, (mode_t)mode), "chmod", path) : JS_EXCEPTION;
}

/* Never follows a symbolic link. */
NATIVE(js_chown) {
  uint32_t uid, gid;
  if (JS_ToUint32(ctx, &uid, argv[1]) || JS_ToUint32(ctx, &gid, argv[2])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, lchown(path, uid, gid), "lchown", path) : JS_EXCEPTION;
}

NATIVE(js_set_mtime) {
  double ms;
  if (JS_ToFloat64(ctx, &ms, argv[1])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  struct timespec time = {.tv_sec = (time_t)(ms / 1e3)};
  time.tv_nsec = (long)((ms - (double)time.tv_sec * 1e3) * 1e6);
  struct timespec times[2] = {time, time};
  return path_result(ctx, utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), "utimensat", path);
}

NATIVE(js_truncate) {
  int64_t length;
  if (JS_ToInt64(ctx, &length, argv[1])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, truncate(path, length), "truncate", path) : JS_EXCEPTION;
}

NATIVE(js_get_xattr) {
  char value[4096];
  const char *path = JS_ToCString(ctx, argv[0]);
  const char *name = path ? JS_ToCString(ctx, argv[1]) : NULL;
  if (!name) {
    JS_FreeCString(ctx, path);
    return JS_EXCEPTION;
  }
  ssize_t length = lgetxattr(path, name, value, sizeof value);
  JSValue result;
  if (length >= 0)
    result = JS_NewStringLen(ctx, value, (size_t)length);
  else
    result = errno == ENODATA ? JS_NULL : throw_errno(ctx, errno, "lgetxattr", path);
  JS_FreeCString(ctx, name);
  JS_FreeCString(ctx, path);
  return result;
}

NATIVE(js_set_xattr) {
  const char *path = JS_ToCString(ctx, argv[0]);
  const char *name = path ? JS_ToCString(ctx, argv[1]) : NULL;
  size_t length;
  const char *value = name ? JS_ToCStringLen(ctx, &length, argv[2]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (value) {
    int failed = lsetxattr(path, name, value, length, 0);
    result = failed ? throw_errno(ctx, errno, "lsetxattr", path) : JS_UNDEFINED;
  }
  JS_FreeCString(ctx, value);
  JS_FreeCString(ctx, name);
  JS_FreeCString(ctx, path);
  return result;
}

/* ---- names ---- */

NATIVE(js_readdir) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  DIR *directory = opendir(path);
  if (!directory) return path_result(ctx, -1, "open", path);
  JS_FreeCString(ctx, path);
  JSValue names = JS_NewArray(ctx);
  uint32_t count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    JS_SetPropertyUint32(ctx, names, count++, JS_NewString(ctx, entry->d_name));
  }
  closedir(directory);
  return names;
}

NATIVE(js_mkdir) {
  int mode;
  if (get_mode(ctx, argv[1], 0777, &mode)) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, mkdir(path, (mode_t)mode), "mkdir", path) : JS_EXCEPTION;
}

/* Makes a directory and those above it. A directory that is there is fine, anything else there is not. */
static int make_directories(char *path, mode_t mode) {
  struct stat status;
  if (mkdir(path, mode) == 0) return 0;
  if (errno == EEXIST) {
    if (stat(path, &status) < 0) return -1;
    if (S_ISDIR(status.st_mode)) return 0;
    errno = ENOTDIR;
    return -1;
  }
  char *slash = strrchr(path, '/');
  if (errno != ENOENT || !slash || slash == path) return -1;
  *slash = 0;
  int result = make_directories(path, mode);
  *slash = '/';
  return result < 0 ? -1 : mkdir(path, mode);
}

NATIVE(js_mkdirs) {
  int mode;
  if (get_mode(ctx, argv[1], 0777, &mode)) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  char *copy = strdup(path);
  int result = copy ? make_directories(copy, (mode_t)mode) : -1;
  int error = errno;
  free(copy);
  errno = error;
  return path_result(ctx, result, "mkdir", path);
}

NATIVE(js_rmdir) {
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, rmdir(path), "rmdir", path) : JS_EXCEPTION;
}

NATIVE(js_unlink) {
  const char *path = JS_ToCString(ctx, argv[0]);
  return path ? path_result(ctx, unlink(path), "unlink", path) : JS_EXCEPTION;
}

/* The calls that take two paths: call(from, to). The error names the second, which is the one made. */
static JSValue two_paths(JSContext *ctx, JSValueConst *argv, const char *name, int (*call)(const char *, const char *)) {
  const char *from = JS_ToCString(ctx, argv[0]);
  const char *to = from ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = to ? path_result(ctx, call(from, to), name, to) : JS_EXCEPTION;
  JS_FreeCString(ctx, from);
  return result;
}

NATIVE(js_rename) { return two_paths(ctx, argv, "rename", rename); }

NATIVE(js_link) { return two_paths(ctx, argv, "link", link); }

NATIVE(js_symlink) { return two_paths(ctx, argv, "symlink", symlink); }

NATIVE(js_readlink) {
  char target[4096];
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  ssize_t length = readlink(path, target, sizeof target);
  if (length < 0) return path_result(ctx, -1, "readlink", path);
  JS_FreeCString(ctx, path);
  return JS_NewStringLen(ctx, target, (size_t)length);
}

NATIVE(js_mknod) {
  int mode;
  uint32_t major_number = 0, minor_number = 0;
  if (JS_ToInt32(ctx, &mode, argv[1]) || JS_ToUint32(ctx, &major_number, argv[2]) ||
      JS_ToUint32(ctx, &minor_number, argv[3]))
    return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  return path_result(ctx, mknod(path, (mode_t)mode, makedev(major_number, minor_number)), "mknod", path);
}

/* ---- inotify ---- */

NATIVE(js_inotify_open) {
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  return fd < 0 ? throw_errno(ctx, errno, "inotify_init", NULL) : JS_NewInt32(ctx, fd);
}

NATIVE(js_inotify_add) {
  int fd;
  uint32_t mask;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToUint32(ctx, &mask, argv[2])) return JS_EXCEPTION;
  const char *path = JS_ToCString(ctx, argv[1]);
  if (!path) return JS_EXCEPTION;
  int watch = inotify_add_watch(fd, path, mask);
  if (watch < 0) return path_result(ctx, -1, "inotify_add_watch", path);
  JS_FreeCString(ctx, path);
  return JS_NewInt32(ctx, watch);
}

NATIVE(js_inotify_remove) {
  int fd, watch;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &watch, argv[1])) return JS_EXCEPTION;
  return inotify_rm_watch(fd, watch) < 0 ? throw_errno(ctx, errno, "inotify_rm_watch", NULL) : JS_UNDEFINED;
}

/* The events that wait, as a flat array: watch, mask, name, watch, mask, name... */
NATIVE(js_inotify_read) {
  int fd;
  char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  JSValue events = JS_NewArray(ctx);
  uint32_t count = 0;
  for (ssize_t length; (length = read(fd, buffer, sizeof buffer)) > 0;)
    for (char *at = buffer; at < buffer + length;) {
      const struct inotify_event *event = (const struct inotify_event *)at;
      JS_SetPropertyUint32(ctx, events, count++, JS_NewInt32(ctx, event->wd));
      JS_SetPropertyUint32(ctx, events, count++, JS_NewUint32(ctx, event->mask));
      JS_SetPropertyUint32(ctx, events, count++, JS_NewString(ctx, event->len ? event->name : ""));
      at += sizeof *event + event->len;
    }
  return events;
}

static const JSCFunctionListEntry fs_exports[] = {
    JS_CFUNC_DEF("open", 3, js_open),
    JS_CFUNC_DEF("close", 1, js_close),
    JS_CFUNC_DEF("read", 4, js_read),
    JS_CFUNC_DEF("write", 4, js_write),
    JS_CFUNC_DEF("seek", 3, js_seek),
    JS_CFUNC_DEF("fsync", 1, js_fsync),
    JS_CFUNC_DEF("lock", 2, js_lock),
    JS_CFUNC_DEF("reopen", 2, js_reopen),
    JS_CFUNC_DEF("pipe", 1, js_pipe),
    JS_CFUNC_DEF("readFile", 1, js_read_file),
    JS_CFUNC_DEF("readText", 1, js_read_text),
    JS_CFUNC_DEF("writeFile", 4, js_write_file),
    JS_CFUNC_DEF("stat", 2, js_stat),
    JS_CFUNC_DEF("statfs", 1, js_statfs),
    JS_CFUNC_DEF("chmod", 2, js_chmod),
    JS_CFUNC_DEF("chown", 3, js_chown),
    JS_CFUNC_DEF("setMtime", 2, js_set_mtime),
    JS_CFUNC_DEF("truncate", 2, js_truncate),
    JS_CFUNC_DEF("getXattr", 2, js_get_xattr),
    JS_CFUNC_DEF("setXattr", 3, js_set_xattr),
    JS_CFUNC_DEF("readdir", 1, js_readdir),
    JS_CFUNC_DEF("mkdir", 2, js_mkdir),
    JS_CFUNC_DEF("mkdirs", 2, js_mkdirs),
    JS_CFUNC_DEF("rmdir", 1, js_rmdir),
    JS_CFUNC_DEF("unlink", 1, js_unlink),
    JS_CFUNC_DEF("rename", 2, js_rename),
    JS_CFUNC_DEF("link", 2, js_link),
    JS_CFUNC_DEF("symlink", 2, js_symlink),
    JS_CFUNC_DEF("readlink", 1, js_readlink),
    JS_CFUNC_DEF("mknod", 4, js_mknod),
    JS_CFUNC_DEF("inotifyOpen", 0, js_inotify_open),
    JS_CFUNC_DEF("inotifyAdd", 3, js_inotify_add),
    JS_CFUNC_DEF("inotifyRemove", 2, js_inotify_remove),
    JS_CFUNC_DEF("inotifyRead", 1, js_inotify_read),
    JS_CONST(O_RDONLY), JS_CONST(O_WRONLY), JS_CONST(O_RDWR), JS_CONST(O_CREAT), JS_CONST(O_EXCL),
    JS_CONST(O_TRUNC), JS_CONST(O_APPEND), JS_CONST(O_NONBLOCK), JS_CONST(O_NOFOLLOW), JS_CONST(O_DIRECTORY),
    JS_CONST(O_PATH), JS_CONST(SEEK_SET), JS_CONST(SEEK_CUR), JS_CONST(SEEK_END), JS_CONST(LOCK_EX),
    JS_CONST(LOCK_SH), JS_CONST(LOCK_NB), JS_CONST(LOCK_UN), JS_CONST(S_IFCHR), JS_CONST(S_IFBLK),
    JS_CONST(S_IFIFO), JS_CONST(S_IFREG), JS_CONST(IN_MODIFY), JS_CONST(IN_CREATE), JS_CONST(IN_DELETE),
    JS_CONST(IN_MOVED_TO), JS_CONST(IN_MOVED_FROM), JS_CONST(IN_CLOSE_WRITE), JS_CONST(IN_DELETE_SELF),
    JS_CONST(IN_MOVE_SELF), JS_CONST(IN_IGNORED),
};
const struct native_module module_fs = {"native:fs", fs_exports, COUNT_OF(fs_exports)};
