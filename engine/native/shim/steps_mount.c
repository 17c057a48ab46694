/* Steps that build the mount namespace. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* Opens a path below a directory as if that were "/": a link of an image cannot lead outside. */
static int open_in_root(int root, const char *path, uint64_t flags) {
  struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
  return (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
}

/* Makes the directories of a path below the root that are missing, and returns the last one, opened. */
static int make_directories(int root, char *path) {
  int fd = open_in_root(root, path, O_PATH | O_DIRECTORY);
  if (fd >= 0 || errno != ENOENT) return fd;
  char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  if (slash) *slash = 0;
  int above = slash ? make_directories(root, path) : open_in_root(root, "", O_PATH | O_DIRECTORY);
  if (slash) *slash = '/';
  if (above < 0) return -1;
  int made = mkdirat(above, name, 0755), error = errno;
  close(above);
  errno = error;
  return made < 0 && errno != EEXIST ? -1 : open_in_root(root, path, O_PATH | O_DIRECTORY);
}

/* Opens the place for a mount, made as a directory or an empty file where it is missing. */
static int open_target(int root, char *path, bool directory) {
  int fd = open_in_root(root, path, O_PATH);
  if (fd >= 0 || errno != ENOENT) return fd;
  if (directory) return make_directories(root, path);
  char *slash = strrchr(path, '/');
  if (slash) *slash = 0;
  int above = slash ? make_directories(root, path) : open_in_root(root, "", O_PATH | O_DIRECTORY);
  if (slash) *slash = '/';
  if (above < 0) return -1;
  fd = openat(above, slash ? slash + 1 : path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0755);
  int error = errno;
  close(above);
  errno = error;
  return fd;
}

/*
 * place ROOT PATH KIND SOURCE TYPE FLAGS DATA: mounts at a path of the container's, resolved inside ROOT.
 * KIND is "directory" or "file", for a target that is missing; "like" takes the kind of SOURCE.
 */
static int run_place(struct child *child, char **arguments) {
  char *path = arguments[1] + strspn(arguments[1], "/"), target[32];
  struct stat status;
  bool directory = strcmp(arguments[2], "directory") == 0;
  if (strcmp(arguments[2], "like") == 0) {
    if (stat(arguments[3], &status) < 0) return -1;
    directory = S_ISDIR(status.st_mode);
  }
  int root = open(arguments[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
  int fd = root < 0 ? -1 : open_target(root, path, directory);
  int result = -1, error = errno;
  if (fd >= 0) {
    snprintf(target, sizeof target, "/proc/self/fd/%d", fd);
    result = mount(or_null(arguments[3]), target, or_null(arguments[4]), number(arguments[5]), or_null(arguments[6]));
    error = errno;
    close(fd);
  }
  if (root >= 0) close(root);
  errno = error;
  return result;
}

/* remount ROOT PATH FLAGS DATA: changes the flags of the mount at a path of the container's. */
static int run_remount(struct child *child, char **arguments) {
  int root = open(arguments[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
  int fd = root < 0 ? -1 : open_in_root(root, arguments[1] + strspn(arguments[1], "/"), O_PATH);
  if (root >= 0) close(root);
  if (fd < 0) return -1;
  char target[32];
  snprintf(target, sizeof target, "/proc/self/fd/%d", fd);
  int result = mount(NULL, target, NULL, number(arguments[2]), or_null(arguments[3])), error = errno;
  close(fd);
  errno = error;
  return result;
}

/* root PATH: makes it "/" and lets go of the old root (pivot_root(2), the note on "."). */
static int run_root(struct child *child, char **arguments) {
  if (chdir(arguments[0]) < 0 || syscall(SYS_pivot_root, ".", ".") < 0) return -1;
  if (umount2(".", MNT_DETACH) < 0) return -1;
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
    {"mount", 5, run_mount}, {"unmount", 2, run_unmount}, {"place", 7, run_place},       {"remount", 4, run_remount},
    {"root", 1, run_root},   {"mask", 1, run_mask},       {"readonly", 1, run_readonly}, {NULL, 0, NULL},
};
