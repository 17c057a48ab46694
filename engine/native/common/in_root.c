#include "in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Somebody renames directories while we walk up through "..": the kernel gives up, and asks to be asked again. */
#define TRIES 64

int in_root_open(int root, const char *path, uint64_t flags) {
  struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
  int fd = -1, tries = TRIES;
  path += strspn(path, "/");
  do fd = (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
  while (fd < 0 && (errno == EAGAIN || errno == EINTR) && --tries > 0);
  return fd;
}

static int close_keeping_errno(int fd, int result) {
  int error = errno;
  close(fd);
  errno = error;
  return result;
}

static int make_directories(int root, char *path, mode_t mode);

/* Opens the directory above the path's last part, made where it is missing, and sets *name to that part. */
static int make_above(int root, char *path, mode_t mode, char **name) {
  char *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  if (!slash) return in_root_open(root, "", O_PATH | O_DIRECTORY);
  *slash = 0;
  int above = make_directories(root, path, mode);
  *slash = '/';
  return above;
}

/* The path is changed, but only meanwhile. */
static int make_directories(int root, char *path, mode_t mode) {
  int fd = in_root_open(root, path, O_PATH | O_DIRECTORY);
  if (fd >= 0 || errno != ENOENT) return fd;
  char *name;
  int above = make_above(root, path, mode, &name);
  if (above < 0) return -1;
  int made = close_keeping_errno(above, mkdirat(above, name, mode));
  return made < 0 && errno != EEXIST ? -1 : in_root_open(root, path, O_PATH | O_DIRECTORY);
}

/* A copy of a path without the slashes around it. */
static int copy_path(const char *path, char copy[PATH_MAX]) {
  path += strspn(path, "/");
  size_t length = strlen(path);
  while (length > 0 && path[length - 1] == '/') length--;
  if (length >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(copy, path, length);
  copy[length] = 0;
  return 0;
}

int in_root_make_directories(int root, const char *path, mode_t mode) {
  char copy[PATH_MAX];
  return copy_path(path, copy) < 0 ? -1 : make_directories(root, copy, mode);
}

int in_root_make_target(int root, const char *path, bool directory) {
  int fd = in_root_open(root, path, O_PATH);
  if (fd >= 0 || errno != ENOENT) return fd;
  if (directory) return in_root_make_directories(root, path, 0755);
  char copy[PATH_MAX], *name;
  if (copy_path(path, copy) < 0) return -1;
  int above = make_above(root, copy, 0755, &name);
  if (above < 0) return -1;
  return close_keeping_errno(above, openat(above, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0755));
}
