#include "tree_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../common/in_root.h"

#define ENTRY_COST 4096
#define LINK_BUCKETS 1024
#define XATTR_SPACE 65536 /* the kernel's limit for a list, and for a value */

/* A directory on the way down. */
struct level {
  struct level *above;
  DIR *entries; /* of the source */
  int to;
  size_t path_length;
};

/* A file with several names, and the path of its copy. */
struct hard_link {
  struct hard_link *next;
  dev_t device;
  ino_t inode;
  char path[];
};

struct tree_copy {
  struct level *level;
  struct hard_link *links[LINK_BUCKETS];
  int root; /* of the copy */
  int from, to; /* the file whose data are being copied, or -1 */
  char path[PATH_MAX]; /* of the current entry, from the root */
  char error[PATH_MAX + 128];
};

static int fail(struct tree_copy *copy, const char *call) {
  const char *reason = strerror(errno);
  snprintf(copy->error, sizeof copy->error, "%s %s: %c%s", call, copy->path, reason[0] | 32, reason + 1);
  return -1;
}

/* ---- metadata ---- */

static void fd_path(int fd, char out[32]) { snprintf(out, 32, "/proc/self/fd/%d", fd); }

static bool is_unsupported(void) { return errno == ENOTSUP || errno == EPERM || errno == ENODATA; }

static int copy_xattrs(const char *from, const char *to) {
  static char names[XATTR_SPACE], value[XATTR_SPACE];
  ssize_t length = listxattr(from, names, sizeof names);
  if (length < 0) return errno == ENOTSUP ? 0 : -1;
  for (char *name = names; name < names + length; name += strlen(name) + 1) {
    ssize_t size = getxattr(from, name, value, sizeof value);
    if ((size < 0 || setxattr(to, name, value, (size_t)size, 0) < 0) && !is_unsupported()) return -1;
  }
  return 0;
}

/* Gives a copy the owner, mode, attributes and times of what it was made from. Both may be opened with O_PATH. */
static int copy_metadata(struct tree_copy *copy, int from, int to) {
  struct stat status;
  char from_path[32], to_path[32];
  fd_path(from, from_path);
  fd_path(to, to_path);
  if (fstat(from, &status) < 0) return fail(copy, "stat");
  if (fchownat(to, "", status.st_uid, status.st_gid, AT_EMPTY_PATH) < 0) return fail(copy, "lchown");
  if (!S_ISLNK(status.st_mode)) {
    if (chmod(to_path, status.st_mode & 07777) < 0) return fail(copy, "chmod");
    if (copy_xattrs(from_path, to_path) < 0) return fail(copy, "setxattr");
  }
  struct timespec times[2] = {status.st_atim, status.st_mtim};
  return utimensat(to, "", times, AT_EMPTY_PATH) < 0 ? fail(copy, "utimensat") : 0;
}

static int copy_metadata_of(struct tree_copy *copy, int from, int to, const char *name) {
  int old = openat(from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  int new = old < 0 ? -1 : openat(to, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  int result = new < 0 ? fail(copy, "open") : copy_metadata(copy, old, new);
  if (old >= 0) close(old);
  if (new >= 0) close(new);
  return result;
}

/* ---- directories ---- */

/* Takes over both descriptors. */
static int enter(struct tree_copy *copy, int from, int to) {
  struct level *level = calloc(1, sizeof *level);
  DIR *entries = level && from >= 0 && to >= 0 ? fdopendir(from) : NULL;
  if (!entries) {
    fail(copy, "open");
    if (from >= 0) close(from);
    if (to >= 0) close(to);
    free(level);
    return -1;
  }
  *level = (struct level){.above = copy->level, .entries = entries, .to = to, .path_length = strlen(copy->path)};
  copy->level = level;
  return 0;
}

static void leave(struct tree_copy *copy) {
  struct level *level = copy->level;
  copy->level = level->above;
  closedir(level->entries);
  close(level->to);
  free(level);
}

static int copy_directory(struct tree_copy *copy, int from, int to, const char *name) {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  if (mkdirat(to, name, 0700) < 0 && errno != EEXIST) return fail(copy, "mkdir");
  return enter(copy, openat(from, name, flags), openat(to, name, flags));
}

/* ---- files ---- */

/* Links to a copy made before, which is looked up inside the root: somebody else may write there too. */
static int link_to(struct tree_copy *copy, const char *path, int to, const char *name) {
  const char *slash = strrchr(path, '/');
  char above[PATH_MAX];
  snprintf(above, sizeof above, "%.*s", slash ? (int)(slash - path) : 0, path);
  int directory = in_root_open(copy->root, above, O_PATH | O_DIRECTORY);
  int result = directory < 0 ? -1 : linkat(directory, slash ? slash + 1 : path, to, name, 0);
  if (result < 0) fail(copy, "link");
  if (directory >= 0) close(directory);
  return result;
}

/* Returns 1 where another name of the file was copied already, and the copy now has this name too. */
static int link_earlier(struct tree_copy *copy, const struct stat *status, int to, const char *name) {
  struct hard_link **bucket = &copy->links[status->st_ino % LINK_BUCKETS];
  for (struct hard_link *link = *bucket; link; link = link->next)
    if (link->inode == status->st_ino && link->device == status->st_dev)
      return link_to(copy, link->path, to, name) < 0 ? -1 : 1;
  size_t length = strlen(copy->path) + 1;
  struct hard_link *link = malloc(sizeof *link + length);
  if (!link) abort();
  *link = (struct hard_link){.next = *bucket, .device = status->st_dev, .inode = status->st_ino};
  memcpy(link->path, copy->path, length);
  *bucket = link;
  return 0;
}

static int copy_file(struct tree_copy *copy, const struct stat *status, int from, int to, const char *name) {
  int linked = status->st_nlink > 1 ? link_earlier(copy, status, to, name) : 0;
  if (linked) return linked < 0 ? -1 : 0;
  copy->from = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  copy->to = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (copy->from < 0 || copy->to < 0) return fail(copy, "open");
  return 0;
}

/* Copies data of the current file. Returns the number of bytes, or -1. */
static ssize_t copy_data(struct tree_copy *copy, size_t bytes) {
  ssize_t count = copy_file_range(copy->from, NULL, copy->to, NULL, bytes, 0);
  /* Not every pair of file systems can; and files of /proc look empty to it. */
  if (count <= 0) count = sendfile(copy->to, copy->from, NULL, bytes);
  if (count < 0) return fail(copy, "write");
  if (count > 0) return count;
  int result = copy_metadata(copy, copy->from, copy->to);
  close(copy->from);
  close(copy->to);
  copy->from = copy->to = -1;
  return result;
}

static int copy_symlink(struct tree_copy *copy, int from, int to, const char *name) {
  char target[4096];
  ssize_t length = readlinkat(from, name, target, sizeof target - 1);
  if (length < 0) return fail(copy, "readlink");
  target[length] = 0;
  if (symlinkat(target, to, name) < 0) return fail(copy, "symlink");
  return copy_metadata_of(copy, from, to, name);
}

static int copy_entry(struct tree_copy *copy, int from, int to, const char *name) {
  struct stat status;
  if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return errno == ENOENT ? 0 : fail(copy, "lstat");
  if (S_ISDIR(status.st_mode)) return copy_directory(copy, from, to, name);
  if (S_ISREG(status.st_mode)) return copy_file(copy, &status, from, to, name);
  if (S_ISLNK(status.st_mode)) return copy_symlink(copy, from, to, name);
  if (S_ISSOCK(status.st_mode)) return 0;
  if (mknodat(to, name, status.st_mode, status.st_rdev) < 0) return fail(copy, "mknod");
  return copy_metadata_of(copy, from, to, name);
}

/* ---- the whole ---- */

/* Copies the next entry of the current directory, or leaves it. */
static int next_entry(struct tree_copy *copy) {
  struct level *level = copy->level;
  errno = 0;
  struct dirent *entry = readdir(level->entries);
  if (entry) {
    const char *name = entry->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..")) return 0;
    size_t length = level->path_length, space = sizeof copy->path - length;
    if ((size_t)snprintf(copy->path + length, space, "%s%s", length ? "/" : "", name) < space)
      return copy_entry(copy, dirfd(level->entries), level->to, name);
    errno = ENAMETOOLONG;
    return fail(copy, "open");
  }
  copy->path[level->path_length] = 0;
  if (errno) return fail(copy, "readdir");
  int result = copy_metadata(copy, dirfd(level->entries), level->to);
  leave(copy);
  return result;
}

int tree_copy_run(struct tree_copy *copy, size_t bytes) {
  size_t done = 0;
  if (copy->error[0]) return -1;
  while (done < bytes) {
    ssize_t count = ENTRY_COST;
    if (copy->from >= 0) count = copy_data(copy, bytes - done);
    else if (!copy->level) return 1;
    else if (next_entry(copy) < 0) count = -1;
    if (count < 0) return -1;
    done += (size_t)count;
  }
  return 0;
}

struct tree_copy *tree_copy_open(const char *from, const char *to) {
  struct tree_copy *copy = calloc(1, sizeof *copy);
  if (!copy) return NULL;
  copy->from = copy->to = -1;
  int old = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int new = old < 0 ? -1 : open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  copy->root = new < 0 ? -1 : fcntl(new, F_DUPFD_CLOEXEC, 0);
  int error = errno;
  if (old >= 0 && new < 0) close(old);
  if (new >= 0 && enter(copy, old, new) == 0) return copy;
  if (copy->root >= 0) close(copy->root);
  free(copy);
  errno = error;
  return NULL;
}

const char *tree_copy_error(const struct tree_copy *copy) { return copy->error; }

void tree_copy_free(struct tree_copy *copy) {
  if (!copy) return;
  while (copy->level) leave(copy);
  if (copy->from >= 0) close(copy->from);
  if (copy->to >= 0) close(copy->to);
  close(copy->root);
  for (int i = 0; i < LINK_BUCKETS; i++)
    for (struct hard_link *link = copy->links[i], *next; link; link = next) {
      next = link->next;
      free(link);
    }
  free(copy);
}
