/* Steps that build the mount namespace. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/bind_mount.h"
#include "../common/in_root.h"
#include "shim.h"

static const char *or_null(const char *text) { return *text ? text : NULL; }

static unsigned long number(const char *text) { return strtoul(text, NULL, 10); }

/* mount SOURCE TARGET TYPE FLAGS DATA: an empty word is NULL to mount(2). */
static int run_mount(struct child *child, char **arguments) {
  return mount(or_null(arguments[0]), arguments[1], or_null(arguments[2]), number(arguments[3]),
               or_null(arguments[4]));
}

/* unmount PATH FLAGS */
static int run_unmount(struct child *child, char **arguments) { return umount2(arguments[0], atoi(arguments[1])); }

static int open_root(const char *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

/* Mounts on the file behind a descriptor, whatever its path is by now. */
static int mount_on(int target, char **arguments, const char *data) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", target);
  return mount(or_null(arguments[0]), path, or_null(arguments[1]), number(arguments[2]), or_null(data));
}

/* A tmpfs takes over the mode of the directory that it covers, unless its options say otherwise. */
static void keep_mode(int target, const char *options, char *out, size_t space) {
  struct stat status;
  if (fstat(target, &status) < 0) status.st_mode = 0755;
  snprintf(out, space, "mode=%04o%s%s", status.st_mode & 07777, *options ? "," : "", options);
}

/* place ROOT PATH SOURCE TYPE FLAGS DATA: mounts at a directory of the container's, made where it is missing. */
static int run_place(struct child *child, char **arguments) {
  char data[4096];
  int root = open_root(arguments[0]);
  int present = root < 0 ? -1 : in_root_open(root, arguments[1], O_PATH);
  int fd = present >= 0 || root < 0 ? present : in_root_make_target(root, arguments[1], true);
  int result = -1, error = errno;
  if (fd >= 0) {
    snprintf(data, sizeof data, "%s", arguments[5]);
    if (present >= 0 && strcmp(arguments[3], "tmpfs") == 0) keep_mode(fd, arguments[5], data, sizeof data);
    result = mount_on(fd, arguments + 2, data);
    error = errno;
    close(fd);
  }
  if (root >= 0) close(root);
  errno = error;
  return result;
}

/* bind ROOT PATH SOURCE SUBPATH RECURSIVE ACCESS PROPAGATION: see common/bind_mount.h. */
static int run_bind(struct child *child, char **arguments) {
  struct bind_mount bind = {.source = arguments[2],
                            .subpath = arguments[3],
                            .recursive = atoi(arguments[4]),
                            .access = (enum bind_access)atoi(arguments[5]),
                            .propagation = number(arguments[6])};
  const char *failed = "root";
  int root = open_root(arguments[0]);
  int result = root < 0 ? -1 : bind_mount_in_root(root, arguments[1], &bind, &failed), error = errno;
  if (result < 0) snprintf(child->detail, sizeof child->detail, "%s", failed);
  if (root >= 0) close(root);
  errno = error;
  return result;
}

/* read-only ROOT PATH TREE: the mount at a path of the container's; TREE is 1 for those below it too. */
static int run_read_only(struct child *child, char **arguments) {
  int root = open_root(arguments[0]);
  int result = root < 0 ? -1 : make_read_only_in_root(root, arguments[1], atoi(arguments[2])), error = errno;
  if (root >= 0) close(root);
  errno = error;
  return result;
}

/* root PATH: makes it "/" and lets go of the old root (pivot_root(2), the note on "."). */
static int run_root(struct child *child, char **arguments) {
  int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (old < 0 || chdir(arguments[0]) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || fchdir(old) < 0) return -1;
  close(old);
  /* Where mounts are shared with the host, taking the old root away must not reach it. */
  if (mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0 || umount2(".", MNT_DETACH) < 0) return -1;
  return chdir("/");
}

/* mask PATH: hides a file behind /dev/null or a directory behind an empty one. Absent is fine. */
static int run_mask(struct child *child, char **arguments) {
  if (mount("/dev/null", arguments[0], NULL, MS_BIND, NULL) == 0 || errno == ENOENT) return 0;
  if (errno != ENOTDIR) return -1;
  return mount("tmpfs", arguments[0], "tmpfs", MS_RDONLY, "nr_blocks=1,nr_inodes=1");
}

/* readonly PATH: absent is fine. */
static int run_readonly(struct child *child, char **arguments) {
  const char *path = arguments[0];
  if (mount(path, path, NULL, MS_BIND | MS_REC, NULL) < 0) return errno == ENOENT ? 0 : -1;
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  return mount(NULL, path, NULL, flags, NULL);
}

const struct step mount_steps[] = {
    {"mount", 5, run_mount},         {"unmount", 2, run_unmount}, {"place", 6, run_place},
    {"bind", 7, run_bind},           {"read-only", 3, run_read_only}, {"root", 1, run_root},
    {"mask", 1, run_mask},           {"readonly", 1, run_readonly}, {NULL, 0, NULL},
};
