#include "tar_extract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../common/in_root.h"
#include "tree_remove.h"

/* A directory whose time is set once all its entries are made. */
struct directory_time {
  struct directory_time *next;
  double mtime;
  char path[];
};

struct tar_extract {
  struct tar_extract_options options; /* its strings are not ours after tar_extract_open() */
  int root;
  char below[TAR_PATH];
  char from[TAR_PATH], to[TAR_PATH]; /* see tar_extract_options */
  char path[TAR_PATH]; /* of the current entry, from the root, without a slash in front */
  int parent;          /* the directory of the last entry, or -1 */
  char parent_path[TAR_PATH];
  struct directory_time *directories;
  char error[2 * TAR_PATH + 256];
};

static int fail(struct tar_extract *extract, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(extract->error, sizeof extract->error, format, arguments);
  va_end(arguments);
  return -1;
}

static int fail_errno(struct tar_extract *extract, const char *call) {
  char text[64];
  snprintf(text, sizeof text, "%s", strerror(errno));
  if (text[0] >= 'A' && text[0] <= 'Z') text[0] = (char)(text[0] + 32);
  return fail(extract, "%s /%s: %s", call, extract->path, text);
}

/* ---- paths ---- */

/*
 * Joins a name of the archive to `start`, a clean path, and cleans it: no empty parts, no "." and no "..". Returns -1
 * where it would leave `start`, or is too long.
 */
static int join_clean(char out[TAR_PATH], const char *start, const char *name) {
  size_t base = strlen(start), length = base;
  bool absolute = name[0] == '/';
  memcpy(out, start, base + 1);
  for (const char *part = name; *part;) {
    size_t size = strcspn(part, "/");
    if (size == 2 && part[0] == '.' && part[1] == '.') {
      if (length == base && !absolute) return -1;
      while (length > base && out[length - 1] != '/') length--;
      if (length > base) length--; /* the slash */
    } else if (size > 0 && !(size == 1 && part[0] == '.')) {
      if (length + size + 2 > TAR_PATH) return -1;
      if (length > 0) out[length++] = '/';
      memcpy(out + length, part, size);
      length += size;
    }
    out[length] = 0;
    part += size;
    part += *part == '/';
  }
  return 0;
}

/* A name of the archive under its new start, where it has the old one. */
static int join_renamed(struct tar_extract *extract, char out[TAR_PATH], const char *name) {
  char renamed[2 * TAR_PATH];
  size_t length = strlen(extract->from);
  bool matches = extract->options.from && strncmp(name, extract->from, length) == 0;
  if (!matches) return join_clean(out, extract->below, name);
  snprintf(renamed, sizeof renamed, "%s%s", extract->to, name + length);
  return join_clean(out, extract->below, renamed);
}

/* The directory that holds the entry, kept open while entries stay in it. Sets *name. Returns -1 with errno. */
static int parent_of(struct tar_extract *extract, const char **name) {
  char *path = extract->path, *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  size_t length = slash ? (size_t)(slash - path) : 0;
  bool same = strncmp(extract->parent_path, path, length) == 0 && extract->parent_path[length] == 0;
  if (extract->parent >= 0 && same) return extract->parent;
  if (extract->parent >= 0) close(extract->parent);
  memcpy(extract->parent_path, path, length);
  extract->parent_path[length] = 0;
  extract->parent = in_root_make_directories(extract->root, extract->parent_path, 0755);
  return extract->parent;
}

/* ---- metadata ---- */

static int set_xattrs(struct tar_extract *extract, const struct tar_entry *entry, const char *path) {
  for (int i = 0; i < entry->xattr_count; i++) {
    const struct tar_xattr *xattr = &entry->xattrs[i];
    if (setxattr(path, xattr->name, xattr->value, xattr->length, 0) == 0) continue;
    /* Docker too goes on where the file system has no such attributes. */
    if (errno != ENOTSUP && errno != EPERM) return fail_errno(extract, "setxattr");
  }
  return 0;
}

/* All by descriptor: whoever changes the names meanwhile can't lead us to another file. */
static int set_metadata(struct tar_extract *extract, const struct tar_entry *entry, int fd) {
  const struct tar_extract_options *options = &extract->options;
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  uid_t uid = options->owned ? options->uid : entry->uid;
  gid_t gid = options->owned ? options->gid : entry->gid;
  if (fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0) return fail_errno(extract, "lchown");
  if (entry->type != TAR_SYMLINK && chmod(path, entry->mode) < 0) return fail_errno(extract, "chmod");
  if (set_xattrs(extract, entry, path) < 0) return -1;
  if (entry->type == TAR_DIRECTORY) return 0;
  struct timespec time = {.tv_sec = (time_t)entry->mtime};
  time.tv_nsec = (long)((entry->mtime - (double)time.tv_sec) * 1e9);
  struct timespec times[2] = {time, time};
  return utimensat(fd, "", times, AT_EMPTY_PATH) < 0 ? fail_errno(extract, "utimensat") : 0;
}

static int set_metadata_of(struct tar_extract *extract, const struct tar_entry *entry, int parent, const char *name) {
  int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return fail_errno(extract, "open");
  int result = set_metadata(extract, entry, fd);
  close(fd);
  return result;
}

static int remember_time(struct tar_extract *extract, const struct tar_entry *entry) {
  size_t length = strlen(extract->path) + 1;
  struct directory_time *time = malloc(sizeof *time + length);
  if (!time) return fail(extract, "out of memory");
  memcpy(time->path, extract->path, length);
  time->mtime = entry->mtime;
  time->next = extract->directories;
  extract->directories = time;
  return 0;
}

/* ---- one entry ---- */

/* A hard link to an entry before; its target is looked up inside the root like everything else. */
static int make_hard_link(struct tar_extract *extract, const struct tar_entry *entry, int parent, const char *name) {
  char target[TAR_PATH];
  if (join_renamed(extract, target, entry->link) < 0)
    return fail(extract, "invalid hardlink \"/%s\" -> \"%s\"", extract->path, entry->link);
  char *slash = strrchr(target, '/'), *last = slash ? slash + 1 : target;
  if (slash) *slash = 0;
  int directory = in_root_open(extract->root, slash ? target : "", O_PATH | O_DIRECTORY);
  if (directory < 0) return fail_errno(extract, "link");
  int failed = linkat(directory, last, parent, name, 0), error = errno;
  close(directory);
  errno = error;
  return failed ? fail_errno(extract, "link") : 0;
}

/* Docker refuses links that point out of the directory being filled, though they could do no harm. */
static int make_symlink(struct tar_extract *extract, const struct tar_entry *entry, int parent, const char *name) {
  char above[TAR_PATH], target[TAR_PATH + TAR_PATH];
  size_t length = (size_t)(name - extract->path);
  memcpy(above, extract->path, length);
  above[length] = 0;
  const char *inside = above + strlen(extract->below);
  snprintf(target, sizeof target, "%s/%s", inside + strspn(inside, "/"), entry->link);
  char resolved[TAR_PATH];
  if (extract->below[0] && join_clean(resolved, extract->below, target + strspn(target, "/")) < 0)
    return fail(extract, "invalid symlink \"/%s\" -> \"%s\"", extract->path, entry->link);
  return symlinkat(entry->link, parent, name) < 0 ? fail_errno(extract, "symlink") : 0;
}

/* Takes away what is in the place of an entry, unless both are directories. Returns 1 where that stays. */
static int make_room(struct tar_extract *extract, const struct tar_entry *entry, int parent, const char *name) {
  struct stat status;
  bool directory = entry->type == TAR_DIRECTORY;
  if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT ? 0 : fail_errno(extract, "lstat");
  if (S_ISDIR(status.st_mode) && directory) return 1;
  if (extract->options.keep_kinds && S_ISDIR(status.st_mode) != directory)
    return fail(extract, directory ? "cannot overwrite non-directory \"/%s\" with directory \"/%s\""
                                   : "cannot overwrite directory \"/%s\" with non-directory \"/%s\"",
                extract->path, extract->below);
  return tree_remove(parent, name) < 0 ? fail_errno(extract, "unlinkat") : 0;
}

static int make_node(struct tar_extract *extract, const struct tar_entry *entry, int parent, const char *name,
                     int *file) {
  switch (entry->type) {
  case TAR_FILE:
    *file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return *file < 0 ? fail_errno(extract, "open") : 0;
  case TAR_DIRECTORY:
    return mkdirat(parent, name, 0700) < 0 ? fail_errno(extract, "mkdir") : 0;
  case TAR_HARD_LINK:
    return make_hard_link(extract, entry, parent, name);
  case TAR_SYMLINK:
    return make_symlink(extract, entry, parent, name);
  default: {
    mode_t kind = entry->type == TAR_CHAR ? S_IFCHR : entry->type == TAR_BLOCK_DEVICE ? S_IFBLK : S_IFIFO;
    dev_t device = makedev(entry->major, entry->minor);
    return mknodat(parent, name, kind | 0600, device) < 0 ? fail_errno(extract, "mknod") : 0;
  }
  }
}

/* Returns 1 where the entry was a whiteout and is done, 0 where it was none. */
static int apply_whiteout(struct tar_extract *extract, int parent, const char *name) {
  char path[32];
  if (extract->options.whiteouts == WHITEOUTS_KEEP || strncmp(name, ".wh.", 4) != 0) return 0;
  if (strcmp(name, ".wh..wh..opq") == 0) {
    snprintf(path, sizeof path, "/proc/self/fd/%d", parent);
    return setxattr(path, "trusted.overlay.opaque", "y", 1, 0) < 0 ? fail_errno(extract, "setxattr") : 1;
  }
  if (strncmp(name, ".wh..wh.", 8) == 0) return 1; /* aufs's own bookkeeping, in old images */
  if (unlinkat(parent, name + 4, 0) < 0 && errno != ENOENT) return fail_errno(extract, "unlink");
  return mknodat(parent, name + 4, S_IFCHR, makedev(0, 0)) < 0 ? fail_errno(extract, "mknod") : 1;
}

/* The entry of the directory itself. Of a layer its metadata count; in a directory that was there, they don't. */
static int apply_top(struct tar_extract *extract, const struct tar_entry *entry) {
  if (entry->type != TAR_DIRECTORY) return fail(extract, "invalid path in archive: /%s", extract->path);
  return extract->options.whiteouts == WHITEOUTS_KEEP ? 0 : set_metadata(extract, entry, extract->root);
}

int tar_extract_begin(struct tar_extract *extract, const struct tar_entry *entry, int *file) {
  const char *name;
  *file = -1;
  if (!strchr("0123456", entry->type)) return fail(extract, "unhandled tar header type %d", entry->type);
  if (join_renamed(extract, extract->path, entry->path) < 0)
    return fail(extract, "\"%s\" is outside of \"/%s\"", entry->path, extract->below);
  if (strcmp(extract->path, extract->below) == 0) return apply_top(extract, entry);
  int parent = parent_of(extract, &name);
  if (parent < 0) return fail_errno(extract, "mkdir");
  int whiteout = apply_whiteout(extract, parent, name);
  if (whiteout != 0) return whiteout < 0 ? -1 : 0;
  int stays = make_room(extract, entry, parent, name);
  if (stays < 0 || (!stays && make_node(extract, entry, parent, name, file) < 0)) return -1;
  if (entry->type == TAR_DIRECTORY && remember_time(extract, entry) < 0) return -1;
  /* A file gets its metadata when its data are in; a hard link shares everything with its target. */
  if (entry->type == TAR_FILE || entry->type == TAR_HARD_LINK) return 0;
  return set_metadata_of(extract, entry, parent, name);
}

int tar_extract_end(struct tar_extract *extract, const struct tar_entry *entry, int file) {
  int result = set_metadata(extract, entry, file);
  if (close(file) < 0 && result == 0) result = fail_errno(extract, "close");
  return result;
}

void tar_extract_finish(struct tar_extract *extract) {
  for (struct directory_time *time = extract->directories; time; time = time->next) {
    struct timespec stamp = {.tv_sec = (time_t)time->mtime};
    struct timespec stamps[2] = {stamp, stamp};
    int fd = in_root_open(extract->root, time->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0) continue; /* replaced by a later entry */
    futimens(fd, stamps);
    close(fd);
  }
}

/* ---- the whole ---- */

struct tar_extract *tar_extract_open(const struct tar_extract_options *options) {
  struct tar_extract *extract = calloc(1, sizeof *extract);
  if (!extract) return NULL;
  extract->options = *options;
  extract->parent = -1;
  if (options->from) {
    snprintf(extract->from, sizeof extract->from, "%s", options->from);
    snprintf(extract->to, sizeof extract->to, "%s", options->to);
  }
  errno = ENAMETOOLONG;
  extract->root =
      join_clean(extract->below, "", options->below) < 0 ? -1 : open(options->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (extract->root >= 0) return extract;
  int error = errno;
  free(extract);
  errno = error;
  return NULL;
}

const char *tar_extract_error(const struct tar_extract *extract) { return extract->error; }

void tar_extract_free(struct tar_extract *extract) {
  if (extract->parent >= 0) close(extract->parent);
  close(extract->root);
  while (extract->directories) {
    struct directory_time *next = extract->directories->next;
    free(extract->directories);
    extract->directories = next;
  }
  free(extract);
}
