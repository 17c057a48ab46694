#include "tree_changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Directories that differ only because of what is in them, not yet reported: they wait until something is. */
struct parent {
  struct parent *above;
  size_t path_length;
  bool reported;
};

struct walk {
  change_report *report;
  void *context;
  struct parent *parent;
  char path[PATH_MAX];
};

static int compare_directories(struct walk *walk, int upper, int lower, bool everything);

/* ---- reporting ---- */

static void report_parents(struct walk *walk, struct parent *parent) {
  if (!parent || parent->reported) return;
  parent->reported = true;
  report_parents(walk, parent->above);
  if (parent->path_length == 0) return; /* the root is never reported */
  char saved = walk->path[parent->path_length];
  walk->path[parent->path_length] = 0;
  walk->report(walk->context, CHANGE_MODIFIED, walk->path);
  walk->path[parent->path_length] = saved;
}

static void report(struct walk *walk, enum change_kind kind) {
  report_parents(walk, walk->parent);
  walk->report(walk->context, kind, walk->path);
}

/* ---- names ---- */

struct names {
  char **list;
  size_t count, space;
};

static int by_name(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

static int add_names(struct names *names, int directory) {
  int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = copy < 0 ? NULL : fdopendir(copy);
  if (!entries) {
    if (copy >= 0) close(copy);
    return -1;
  }
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    if (names->count == names->space) {
      names->space = names->space ? names->space * 2 : 32;
      names->list = realloc(names->list, names->space * sizeof *names->list);
      if (!names->list) abort();
    }
    names->list[names->count++] = strdup(entry->d_name);
  }
  closedir(entries);
  return 0;
}

static void free_names(struct names *names) {
  for (size_t i = 0; i < names->count; i++) free(names->list[i]);
  free(names->list);
}

/* ---- comparing ---- */

static bool same_time(struct timespec a, struct timespec b) {
  /* Archives keep whole seconds. */
  return a.tv_sec == b.tv_sec && (a.tv_nsec == b.tv_nsec || a.tv_nsec == 0 || b.tv_nsec == 0);
}

static ssize_t capability_of(int directory, const char *name, char value[64]) {
  int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = fgetxattr(fd, "security.capability", value, 64);
  close(fd);
  return length;
}

static bool same_capability(int upper, int lower, const char *name) {
  char new[64], old[64];
  ssize_t length = capability_of(upper, name, new);
  return length == capability_of(lower, name, old) && (length <= 0 || memcmp(new, old, (size_t)length) == 0);
}

static bool is_different(const struct stat *new, const struct stat *old) {
  if (new->st_mode != old->st_mode || new->st_uid != old->st_uid || new->st_gid != old->st_gid) return true;
  if (new->st_rdev != old->st_rdev) return true;
  return !S_ISDIR(new->st_mode) && (new->st_size != old->st_size || !same_time(new->st_mtim, old->st_mtim));
}

static bool is_whiteout(const struct stat *status) { return S_ISCHR(status->st_mode) && status->st_rdev == 0; }

/* A directory that hides what the layers below have under its name. */
static bool is_opaque(int directory) {
  char value = 0;
  return fgetxattr(directory, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y';
}

/* Walks into a directory of the upper layer; `old` tells whether the lower ones have a directory there too. */
static int enter(struct walk *walk, int upper, int lower, const char *name, bool old, bool reported) {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  struct parent parent = {.above = walk->parent, .path_length = strlen(walk->path), .reported = reported};
  int new_fd = openat(upper, name, flags), old_fd = old ? openat(lower, name, flags) : -1, result = -1;
  walk->parent = &parent;
  if (new_fd >= 0 && (!old || old_fd >= 0)) result = compare_directories(walk, new_fd, old_fd, is_opaque(new_fd));
  else if (errno == ENOENT) result = 0; /* a process of the container took it away meanwhile */
  walk->parent = parent.above;
  int error = errno;
  if (new_fd >= 0) close(new_fd);
  if (old_fd >= 0) close(old_fd);
  errno = error;
  return result;
}

static int compare_entry(struct walk *walk, int upper, int lower, const char *name, bool hides) {
  struct stat new, old;
  bool is_new = fstatat(upper, name, &new, AT_SYMLINK_NOFOLLOW) == 0;
  bool is_old = lower >= 0 && fstatat(lower, name, &old, AT_SYMLINK_NOFOLLOW) == 0;
  if (!is_new || is_whiteout(&new)) {
    if (is_old && (is_new || hides)) report(walk, CHANGE_DELETED);
    return 0;
  }
  bool changed = !is_old || is_different(&new, &old) || (S_ISREG(new.st_mode) && !same_capability(upper, lower, name));
  if (changed) report(walk, is_old ? CHANGE_MODIFIED : CHANGE_ADDED);
  return S_ISDIR(new.st_mode) ? enter(walk, upper, lower, name, is_old && S_ISDIR(old.st_mode), changed) : 0;
}

/* `hides`: what is only in the lower directory is gone. */
static int compare_directories(struct walk *walk, int upper, int lower, bool hides) {
  struct names names = {0};
  size_t length = strlen(walk->path);
  int result = add_names(&names, upper);
  if (result == 0 && hides && lower >= 0) result = add_names(&names, lower);
  qsort(names.list, names.count, sizeof *names.list, by_name);
  for (size_t i = 0; i < names.count && result == 0; i++) {
    const char *name = names.list[i];
    if (i > 0 && strcmp(names.list[i - 1], name) == 0) continue;
    if ((size_t)snprintf(walk->path + length, sizeof walk->path - length, "/%s", name) >= sizeof walk->path - length) {
      errno = ENAMETOOLONG;
      result = -1;
    } else {
      result = compare_entry(walk, upper, lower, name, hides);
    }
    walk->path[length] = 0;
  }
  free_names(&names);
  return result;
}

int tree_changes(const char *upper, const char *lower, change_report *to, void *context) {
  struct walk walk = {.report = to, .context = context};
  int new = open(upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC), old = open(lower, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int result = new < 0 || old < 0 ? -1 : compare_directories(&walk, new, old, false), error = errno;
  if (new >= 0) close(new);
  if (old >= 0) close(old);
  errno = error;
  return result;
}
