#include "bind_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "in_root.h"

/* The C libraries that we build with have no names for these; linux/mount.h does not go together with sys/mount.h. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
enum {
  OPEN_TREE_CLONE_FLAG = 1,
  AT_RECURSIVE_FLAG = 0x8000,
  AT_EMPTY_PATH_FLAG = 0x1000,
  MOVE_FROM_EMPTY_PATH = 0x04,
  MOVE_TO_EMPTY_PATH = 0x40,
  ATTRIBUTE_READ_ONLY = 1,
};

/* struct mount_attr */
struct attributes {
  uint64_t set, clear, propagation, user_namespace;
};

static int set_attributes(int mount, bool tree, struct attributes attributes) {
  int flags = AT_EMPTY_PATH_FLAG | (tree ? AT_RECURSIVE_FLAG : 0);
  return (int)syscall(SYS_mount_setattr, mount, "", flags, &attributes, sizeof attributes);
}

/* Opens what is to be shown (O_PATH). */
static int open_source(const struct bind_mount *bind, const char **failed) {
  *failed = "source";
  int source = open(bind->source, O_PATH | O_CLOEXEC);
  if (source < 0 || !*bind->subpath) return source;
  *failed = "subpath";
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  int inside = (int)syscall(SYS_openat2, source, bind->subpath, &how, sizeof how), error = errno;
  close(source);
  errno = error;
  return inside;
}

/* A copy of the mount tree at a descriptor, which is mounted nowhere yet. */
static int clone_tree(int source, const struct bind_mount *bind) {
  unsigned flags = OPEN_TREE_CLONE_FLAG | O_CLOEXEC | AT_EMPTY_PATH_FLAG | (bind->recursive ? AT_RECURSIVE_FLAG : 0);
  int tree = (int)syscall(SYS_open_tree, source, "", flags);
  if (tree < 0) return -1;
  bool failed = bind->access != BIND_WRITABLE &&
                set_attributes(tree, bind->access == BIND_READ_ONLY_TREE,
                               (struct attributes){.set = ATTRIBUTE_READ_ONLY}) < 0;
  if (!failed && bind->propagation)
    failed = set_attributes(tree, (bind->propagation & MS_REC) != 0,
                            (struct attributes){.propagation = bind->propagation & ~(unsigned long)MS_REC}) < 0;
  if (!failed) return tree;
  int error = errno;
  close(tree);
  errno = error;
  return -1;
}

static int attach(int tree, int source, int target, const char **failed) {
  struct stat from, to;
  *failed = "mount";
  if (fstat(source, &from) < 0 || fstat(target, &to) < 0) return -1;
  if (S_ISDIR(from.st_mode) != S_ISDIR(to.st_mode)) {
    errno = ENOTDIR; /* what mount(2) says; move_mount(2) has only EINVAL for it */
    if (S_ISDIR(from.st_mode)) *failed = "target";
    return -1;
  }
  return (int)syscall(SYS_move_mount, tree, "", target, "", MOVE_FROM_EMPTY_PATH | MOVE_TO_EMPTY_PATH);
}

int bind_mount_in_root(int root, const char *path, const struct bind_mount *bind, const char **failed) {
  struct stat status;
  int source = open_source(bind, failed), tree = -1, target = -1, result = -1;
  if (source < 0 || fstat(source, &status) < 0) goto done;
  *failed = "target";
  target = in_root_make_target(root, path, S_ISDIR(status.st_mode));
  if (target < 0) goto done;
  *failed = "mount";
  tree = clone_tree(source, bind);
  if (tree >= 0) result = attach(tree, source, target, failed);
done:;
  int error = errno;
  if (source >= 0) close(source);
  if (target >= 0) close(target);
  if (tree >= 0) close(tree);
  errno = error;
  return result;
}

int make_read_only_in_root(int root, const char *path, bool tree) {
  int mount = in_root_open(root, path, O_PATH);
  if (mount < 0) return -1;
  int result = set_attributes(mount, tree, (struct attributes){.set = ATTRIBUTE_READ_ONLY}), error = errno;
  close(mount);
  errno = error;
  return result;
}
