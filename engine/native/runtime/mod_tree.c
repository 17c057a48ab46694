/* native:tree: whole directory trees at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

/* Removes all that a directory holds. Takes over the descriptor. Returns 0 or -1 with errno. */
static int empty_directory(int fd) {
  DIR *directory = fdopendir(fd);
  if (!directory) {
    close(fd);
    return -1;
  }
  int result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(directory));) {
    const char *name = entry->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
    /* Most entries are files: try that first, and learn from the error that one is a directory. */
    if (unlinkat(fd, name, 0) == 0 || errno == ENOENT) continue;
    if (errno != EISDIR && errno != EPERM) {
      result = -1;
      break;
    }
    int child = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    result = child < 0 ? -1 : empty_directory(child);
    if (result == 0) result = unlinkat(fd, name, AT_REMOVEDIR);
  }
  int error = errno;
  closedir(directory);
  errno = error;
  return result;
}

/* Removes a file or a directory with all below it; what is absent is fine. Links are removed, not followed. */
static int remove_tree(const char *path) {
  if (unlink(path) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return -1;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || empty_directory(fd) < 0) return -1;
  return rmdir(path);
}

NATIVE(js_remove) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  JSValue result = remove_tree(path) < 0 ? throw_errno(ctx, errno, "remove", path) : JS_UNDEFINED;
  JS_FreeCString(ctx, path);
  return result;
}

/* Inodes with several names, so that each counts once. */
struct seen {
  ino_t *inodes;
  size_t count, space;
};

static bool seen_before(struct seen *seen, ino_t inode) {
  for (size_t i = 0; i < seen->count; i++)
    if (seen->inodes[i] == inode) return true;
  if (seen->count == seen->space) {
    size_t space = seen->space ? seen->space * 2 : 64;
    ino_t *inodes = realloc(seen->inodes, space * sizeof *inodes);
    if (!inodes) return false;
    seen->inodes = inodes;
    seen->space = space;
  }
  seen->inodes[seen->count++] = inode;
  return false;
}

/* The sizes of the regular files below a directory, as Docker counts a layer. Takes over the descriptor. */
static int add_sizes(int fd, struct seen *seen, double *total) {
  DIR *directory = fdopendir(fd);
  if (!directory) {
    close(fd);
    return -1;
  }
  for (struct dirent *entry; (entry = readdir(directory));) {
    struct stat status;
    const char *name = entry->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
    if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0) continue; /* gone meanwhile */
    if (S_ISDIR(status.st_mode)) {
      int child = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (child >= 0) add_sizes(child, seen, total);
    } else if (S_ISREG(status.st_mode)) {
      if (status.st_nlink < 2 || !seen_before(seen, status.st_ino)) *total += (double)status.st_size;
    }
  }
  closedir(directory);
  return 0;
}

NATIVE(js_size) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  struct seen seen = {0};
  double total = 0;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool failed = fd < 0 || add_sizes(fd, &seen, &total) < 0;
  JSValue result = failed ? throw_errno(ctx, errno, "open", path) : JS_NewFloat64(ctx, total);
  free(seen.inodes);
  JS_FreeCString(ctx, path);
  return result;
}

static const JSCFunctionListEntry tree_exports[] = {
    JS_CFUNC_DEF("remove", 1, js_remove),
    JS_CFUNC_DEF("size", 1, js_size),
};
const struct native_module module_tree = {"native:tree", tree_exports, COUNT_OF(tree_exports)};
