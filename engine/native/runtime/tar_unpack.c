#include "tar_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define META_LIMIT (1024 * 1024) /* of one pax or GNU record */

enum state { HEADER, META, FILE_DATA, SKIP, PADDING, END };

/* A directory whose time is set once all its entries are made. */
struct directory_time {
  struct directory_time *next;
  double mtime;
  char path[];
};

struct tar_unpack {
  int root;
  enum tar_whiteouts whiteouts;
  enum state state;
  uint8_t block[TAR_BLOCK];
  size_t block_used;
  uint64_t left;  /* bytes of the entry still to come */
  size_t padding; /* bytes to the next block behind them */
  char *meta;
  size_t meta_used;
  int meta_type;
  int file; /* the regular file being written, or -1 */
  struct tar_entry entry;
  int parent; /* the directory of the last entry, or -1 */
  char parent_path[TAR_PATH];
  struct directory_time *directories;
  double size;
  char error[TAR_PATH + 256];
};

static int fail(struct tar_unpack *unpack, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(unpack->error, sizeof unpack->error, format, arguments);
  va_end(arguments);
  return -1;
}

static int fail_errno(struct tar_unpack *unpack, const char *call) {
  char text[64];
  snprintf(text, sizeof text, "%s", strerror(errno));
  if (text[0] >= 'A' && text[0] <= 'Z') text[0] = (char)(text[0] + 32);
  return fail(unpack, "%s /%s: %s", call, unpack->entry.path, text);
}

/* Opens a directory below the root; links in the path are followed as if the root were "/" (openat2(2)). */
static int open_directory(struct tar_unpack *unpack, const char *path) {
  struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
  return (int)syscall(SYS_openat2, unpack->root, *path ? path : ".", &how, sizeof how);
}

/* Makes the directories of a path that are missing. */
static int make_parents(struct tar_unpack *unpack, char *path) {
  int fd = open_directory(unpack, path);
  if (fd >= 0 || errno != ENOENT) return fd;
  char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  if (slash) *slash = 0;
  int above = slash ? make_parents(unpack, path) : open_directory(unpack, "");
  if (slash) *slash = '/';
  if (above < 0) return -1;
  int made = mkdirat(above, name, 0755), error = errno;
  close(above);
  errno = error;
  return made < 0 && errno != EEXIST ? -1 : open_directory(unpack, path);
}

/* The directory that holds the entry, kept open while entries stay in it. Sets *name. Returns -1 with errno. */
static int parent_of(struct tar_unpack *unpack, const char **name) {
  char *path = unpack->entry.path, *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  size_t length = slash ? (size_t)(slash - path) : 0;
  bool same = strncmp(unpack->parent_path, path, length) == 0 && unpack->parent_path[length] == 0;
  if (unpack->parent >= 0 && same) return unpack->parent;
  if (unpack->parent >= 0) close(unpack->parent);
  memcpy(unpack->parent_path, path, length);
  unpack->parent_path[length] = 0;
  char copy[TAR_PATH];
  strcpy(copy, unpack->parent_path);
  unpack->parent = make_parents(unpack, copy);
  return unpack->parent;
}

/* Drops ".", empty and leading parts of a path; refuses "..". */
static int clean_path(char *path) {
  char *out = path, *part = path;
  while (*part) {
    size_t length = strcspn(part, "/");
    bool last = part[length] == 0;
    if (length == 2 && part[0] == '.' && part[1] == '.') return -1;
    if (length > 0 && !(length == 1 && part[0] == '.')) {
      if (out != path) *out++ = '/';
      memmove(out, part, length);
      out += length;
    }
    part += length + (last ? 0 : 1);
  }
  *out = 0;
  return 0;
}

/* ---- one entry ---- */

static int set_metadata(struct tar_unpack *unpack, int parent, const char *name) {
  const struct tar_entry *entry = &unpack->entry;
  if (fchownat(parent, name, entry->uid, entry->gid, AT_SYMLINK_NOFOLLOW) < 0) return fail_errno(unpack, "lchown");
  if (entry->type != TAR_SYMLINK && fchmodat(parent, name, entry->mode, 0) < 0) return fail_errno(unpack, "chmod");
  for (int i = 0; i < entry->xattr_count; i++) {
    const struct tar_xattr *xattr = &entry->xattrs[i];
    char path[64];
    int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return fail_errno(unpack, "open");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* a path of any length, and no link is followed */
    int failed = setxattr(path, xattr->name, xattr->value, xattr->length, 0), error = errno;
    close(fd);
    errno = error;
    /* Docker too goes on where the file system has no such attributes. */
    if (failed && errno != ENOTSUP && errno != EPERM) return fail_errno(unpack, "setxattr");
  }
  if (entry->type == TAR_DIRECTORY) return 0;
  struct timespec time = {.tv_sec = (time_t)entry->mtime};
  time.tv_nsec = (long)((entry->mtime - (double)time.tv_sec) * 1e9);
  struct timespec times[2] = {time, time};
  return utimensat(parent, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? fail_errno(unpack, "utimensat") : 0;
}

static int make_directory(struct tar_unpack *unpack, int parent, const char *name) {
  struct stat status;
  bool present = fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (present && !S_ISDIR(status.st_mode)) {
    if (unlinkat(parent, name, 0) < 0) return fail_errno(unpack, "unlink");
    present = false;
  }
  if (!present && mkdirat(parent, name, 0700) < 0) return fail_errno(unpack, "mkdir");
  size_t length = strlen(unpack->entry.path) + 1;
  struct directory_time *time = malloc(sizeof *time + length);
  if (!time) return fail(unpack, "out of memory");
  memcpy(time->path, unpack->entry.path, length);
  time->mtime = unpack->entry.mtime;
  time->next = unpack->directories;
  unpack->directories = time;
  return 0;
}

/* A hard link to an entry before; its target is looked up inside the root like everything else. */
static int make_hard_link(struct tar_unpack *unpack, int parent, const char *name) {
  char target[TAR_PATH];
  strcpy(target, unpack->entry.link);
  if (clean_path(target) < 0) return fail(unpack, "invalid hard link /%s -> %s", unpack->entry.path, target);
  char *slash = strrchr(target, '/');
  if (slash) *slash = 0;
  int directory = open_directory(unpack, slash ? target : "");
  if (directory < 0) return fail_errno(unpack, "link");
  int failed = linkat(directory, slash ? slash + 1 : target, parent, name, 0), error = errno;
  close(directory);
  errno = error;
  return failed ? fail_errno(unpack, "link") : 0;
}

/* Makes what the header names, in place of what is there. */
static int make_node(struct tar_unpack *unpack, int parent, const char *name) {
  const struct tar_entry *entry = &unpack->entry;
  if (entry->type == TAR_DIRECTORY) return make_directory(unpack, parent, name);
  if (unlinkat(parent, name, 0) < 0 && errno != ENOENT) {
    if (errno != EISDIR && errno != EPERM) return fail_errno(unpack, "unlink");
    if (unlinkat(parent, name, AT_REMOVEDIR) < 0) return fail_errno(unpack, "rmdir");
  }
  switch (entry->type) {
  case TAR_FILE:
    unpack->file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    unpack->size += (double)entry->size;
    return unpack->file < 0 ? fail_errno(unpack, "open") : 0;
  case TAR_HARD_LINK:
    return make_hard_link(unpack, parent, name);
  case TAR_SYMLINK:
    return symlinkat(entry->link, parent, name) < 0 ? fail_errno(unpack, "symlink") : 0;
  default: {
    mode_t kind = entry->type == TAR_CHAR ? S_IFCHR : entry->type == TAR_BLOCK_DEVICE ? S_IFBLK : S_IFIFO;
    dev_t device = makedev(entry->major, entry->minor);
    return mknodat(parent, name, kind | 0600, device) < 0 ? fail_errno(unpack, "mknod") : 0;
  }
  }
}

/* Returns 1 where the entry was a whiteout and is done, 0 where it was none. */
static int apply_whiteout(struct tar_unpack *unpack, int parent, const char *name) {
  if (unpack->whiteouts == WHITEOUTS_KEEP || strncmp(name, ".wh.", 4) != 0) return 0;
  if (strcmp(name, ".wh..wh..opq") == 0)
    return fsetxattr(parent, "trusted.overlay.opaque", "y", 1, 0) < 0 ? fail_errno(unpack, "setxattr") : 1;
  if (strncmp(name, ".wh..wh.", 8) == 0) return 1; /* aufs's own bookkeeping, in old images */
  if (unlinkat(parent, name + 4, 0) < 0 && errno != ENOENT) return fail_errno(unpack, "unlink");
  return mknodat(parent, name + 4, S_IFCHR, makedev(0, 0)) < 0 ? fail_errno(unpack, "mknod") : 1;
}

static int begin_entry(struct tar_unpack *unpack) {
  struct tar_entry *entry = &unpack->entry;
  const char *name;
  if (!strchr("0123456", entry->type)) return fail(unpack, "/%s: unknown tar entry type '%c'", entry->path, entry->type);
  if (entry->type != TAR_FILE) entry->size = 0;
  unpack->left = entry->size;
  unpack->padding = (TAR_BLOCK - entry->size % TAR_BLOCK) % TAR_BLOCK;
  unpack->state = FILE_DATA;
  if (clean_path(entry->path) < 0) return fail(unpack, "invalid path in archive: %s", entry->path);
  int parent = parent_of(unpack, &name);
  if (parent < 0) return fail_errno(unpack, "mkdir");
  if (entry->path[0] == 0) { /* the root itself: only its metadata */
    if (entry->type != TAR_DIRECTORY) return fail(unpack, "invalid path in archive: /");
    return fchown(parent, entry->uid, entry->gid) < 0 || fchmod(parent, entry->mode) < 0 ? fail_errno(unpack, "chmod")
                                                                                        : 0;
  }
  int whiteout = apply_whiteout(unpack, parent, name);
  if (whiteout != 0) return whiteout < 0 ? -1 : 0;
  if (make_node(unpack, parent, name) < 0) return -1;
  /* A file gets its times when its data are in; a hard link shares everything with its target. */
  if (entry->type == TAR_FILE || entry->type == TAR_HARD_LINK) return 0;
  return set_metadata(unpack, parent, name);
}

/* Forgets the entry, so that the next header starts from nothing. */
static void reset_entry(struct tar_unpack *unpack) {
  tar_free_xattrs(&unpack->entry);
  unpack->entry.path[0] = unpack->entry.link[0] = 0;
  unpack->entry.overrides = 0;
}

static int finish_entry(struct tar_unpack *unpack) {
  int result = 0;
  if (unpack->file >= 0) {
    const char *name;
    if (close(unpack->file) < 0) result = fail_errno(unpack, "close");
    unpack->file = -1;
    int parent = parent_of(unpack, &name);
    if (result == 0) result = set_metadata(unpack, parent, name);
  }
  reset_entry(unpack);
  unpack->state = unpack->padding ? PADDING : HEADER;
  return result;
}

/* ---- records that describe the entry behind them ---- */

static int begin_meta(struct tar_unpack *unpack) {
  uint64_t size = unpack->entry.size;
  if (size > META_LIMIT) return fail(unpack, "a header record of %llu bytes is too large", (unsigned long long)size);
  unpack->meta_type = unpack->entry.type;
  unpack->meta = malloc((size_t)size + 1);
  if (!unpack->meta) return fail(unpack, "out of memory");
  unpack->meta_used = 0;
  unpack->left = size;
  unpack->padding = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
  unpack->state = META;
  return 0;
}

static int finish_meta(struct tar_unpack *unpack) {
  const char *problem = NULL;
  unpack->meta[unpack->meta_used] = 0;
  if (unpack->meta_type == TAR_PAX)
    problem = tar_apply_pax(unpack->meta, unpack->meta_used, &unpack->entry);
  else if (unpack->meta_type == TAR_GNU_NAME)
    snprintf(unpack->entry.path, TAR_PATH, "%s", unpack->meta);
  else if (unpack->meta_type == TAR_GNU_LINK)
    snprintf(unpack->entry.link, TAR_PATH, "%s", unpack->meta);
  free(unpack->meta);
  unpack->meta = NULL;
  unpack->state = unpack->padding ? PADDING : HEADER;
  return problem ? fail(unpack, "%s", problem) : 0;
}

static int read_header(struct tar_unpack *unpack) {
  if (tar_is_end(unpack->block)) {
    unpack->state = END; /* one empty block is enough; what follows is padding */
    return 0;
  }
  const char *problem = tar_parse(unpack->block, &unpack->entry);
  if (problem) return fail(unpack, "%s", problem);
  return strchr("xgLK", unpack->entry.type) ? begin_meta(unpack) : begin_entry(unpack);
}

/* ---- the stream ---- */

static size_t smaller(uint64_t a, size_t b) { return a < b ? (size_t)a : b; }

/* Takes what the state can use of the data. Returns the number of bytes, or -1. */
static ssize_t take(struct tar_unpack *unpack, const uint8_t *data, size_t length) {
  size_t used;
  switch (unpack->state) {
  case HEADER:
    used = smaller(TAR_BLOCK - unpack->block_used, length);
    memcpy(unpack->block + unpack->block_used, data, used);
    unpack->block_used += used;
    if (unpack->block_used < TAR_BLOCK) return (ssize_t)used;
    unpack->block_used = 0;
    if (read_header(unpack) < 0) return -1;
    break;
  case META:
    used = smaller(unpack->left, length);
    memcpy(unpack->meta + unpack->meta_used, data, used);
    unpack->meta_used += used;
    unpack->left -= used;
    break;
  case FILE_DATA:
    used = smaller(unpack->left, length);
    if (unpack->file >= 0) {
      ssize_t written = write(unpack->file, data, used);
      if (written < 0) return fail_errno(unpack, "write");
      used = (size_t)written;
    }
    unpack->left -= used;
    break;
  case PADDING:
    used = smaller(unpack->padding, length);
    unpack->padding -= used;
    if (unpack->padding == 0) unpack->state = HEADER;
    break;
  default:
    used = length;
  }
  if (unpack->state == META && unpack->left == 0 && finish_meta(unpack) < 0) return -1;
  if (unpack->state == FILE_DATA && unpack->left == 0 && finish_entry(unpack) < 0) return -1;
  return (ssize_t)used;
}

struct tar_unpack *tar_unpack_open(const char *directory, enum tar_whiteouts whiteouts) {
  struct tar_unpack *unpack = calloc(1, sizeof *unpack);
  if (!unpack) return NULL;
  unpack->whiteouts = whiteouts;
  unpack->file = unpack->parent = -1;
  unpack->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (unpack->root >= 0) return unpack;
  int error = errno;
  free(unpack);
  errno = error;
  return NULL;
}

int tar_unpack_write(struct tar_unpack *unpack, const uint8_t *data, size_t length) {
  if (unpack->error[0]) return -1;
  while (length > 0) {
    ssize_t used = take(unpack, data, length);
    if (used < 0) return -1;
    data += used;
    length -= (size_t)used;
  }
  return 0;
}

int tar_unpack_end(struct tar_unpack *unpack) {
  if (unpack->error[0]) return -1;
  if (unpack->state != END && !(unpack->state == HEADER && unpack->block_used == 0))
    return fail(unpack, "unexpected EOF");
  for (struct directory_time *time = unpack->directories; time; time = time->next) {
    struct timespec stamp = {.tv_sec = (time_t)time->mtime};
    struct timespec stamps[2] = {stamp, stamp};
    int fd = open_directory(unpack, time->path);
    if (fd < 0) continue; /* replaced by a later entry */
    futimens(fd, stamps);
    close(fd);
  }
  return 0;
}

const char *tar_unpack_error(const struct tar_unpack *unpack) { return unpack->error; }

double tar_unpack_size(const struct tar_unpack *unpack) { return unpack->size; }

void tar_unpack_free(struct tar_unpack *unpack) {
  if (!unpack) return;
  if (unpack->file >= 0) close(unpack->file);
  if (unpack->parent >= 0) close(unpack->parent);
  close(unpack->root);
  free(unpack->meta);
  tar_free_xattrs(&unpack->entry);
  while (unpack->directories) {
    struct directory_time *next = unpack->directories->next;
    free(unpack->directories);
    unpack->directories = next;
  }
  free(unpack);
}
