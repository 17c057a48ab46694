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
#include "tree_changes.h"
#include "tree_copy.h"
#include "tree_remove.h"

NATIVE(js_remove) {
  const char *path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  JSValue result = tree_remove(AT_FDCWD, path) < 0 ? throw_errno(ctx, errno, "remove", path) : JS_UNDEFINED;
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

/* ---- copying ---- */

static JSClassID copier_class;

static void finalize_copier(JSRuntime *rt, JSValue value) { tree_copy_free(JS_GetOpaque(value, copier_class)); }

static JSClassDef copier_definition = {"Copier", .finalizer = finalize_copier};

/* run(bytes) → whether all is copied */
NATIVE(js_copier_run) {
  struct tree_copy *copy = JS_GetOpaque2(ctx, this_value, copier_class);
  int64_t bytes;
  if (!copy || JS_ToInt64(ctx, &bytes, argv[0])) return JS_EXCEPTION;
  int result = tree_copy_run(copy, (size_t)bytes);
  return result < 0 ? JS_ThrowTypeError(ctx, "%s", tree_copy_error(copy)) : JS_NewBool(ctx, result);
}

static const JSCFunctionListEntry copier_methods[] = {JS_CFUNC_DEF("run", 1, js_copier_run)};

/* createCopier(from, to) */
NATIVE(js_create_copier) {
  const char *from = JS_ToCString(ctx, argv[0]), *to = from ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (to && define_class(ctx, &copier_class, &copier_definition, copier_methods, COUNT_OF(copier_methods)) == 0) {
    struct tree_copy *copy = tree_copy_open(from, to);
    result = copy ? new_object(ctx, copier_class, copy) : throw_errno(ctx, errno, "open", from);
  }
  JS_FreeCString(ctx, from);
  JS_FreeCString(ctx, to);
  return result;
}

/* ---- comparing ---- */

struct change_list {
  JSContext *ctx;
  JSValue array;
  uint32_t length;
};

static void add_change(void *context, enum change_kind kind, const char *path) {
  struct change_list *list = context;
  JS_SetPropertyUint32(list->ctx, list->array, list->length++, JS_NewInt32(list->ctx, kind));
  JS_SetPropertyUint32(list->ctx, list->array, list->length++, JS_NewString(list->ctx, path));
}

/* changes(upper, lower) → kind, path, kind, path... */
NATIVE(js_changes) {
  const char *upper = JS_ToCString(ctx, argv[0]), *lower = upper ? JS_ToCString(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  if (lower) {
    struct change_list list = {.ctx = ctx, .array = JS_NewArray(ctx)};
    result = list.array;
    if (tree_changes(upper, lower, add_change, &list) < 0) {
      JS_FreeValue(ctx, list.array);
      result = throw_errno(ctx, errno, "open", upper);
    }
  }
  JS_FreeCString(ctx, upper);
  JS_FreeCString(ctx, lower);
  return result;
}

static const JSCFunctionListEntry tree_exports[] = {
    JS_CFUNC_DEF("remove", 1, js_remove),
    JS_CFUNC_DEF("size", 1, js_size),
    JS_CFUNC_DEF("createCopier", 2, js_create_copier),
    JS_CFUNC_DEF("changes", 2, js_changes),
};
const struct native_module module_tree = {"native:tree", tree_exports, COUNT_OF(tree_exports)};
