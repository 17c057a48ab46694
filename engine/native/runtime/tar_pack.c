#include "tar_pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tar_header.h"

/* A directory on the way down: its entries in the order of their names, as Docker packs them. */
struct level {
  struct level *above;
  int fd;
  char **names;
  size_t count, next;
  size_t path_length; /* of the archive path of the directory itself */
  char *rename;       /* what the only entry is called in the archive, or NULL */
};

#define LINK_BUCKETS 1024 /* hard links are found by their inode: an image may have very many */

/* A file with several names, and the path it was packed under. */
struct hard_link {
  struct hard_link *next;
  dev_t device;
  ino_t inode;
  char path[];
};

struct tar_pack {
  struct level *level;
  struct tar_entry entry;
  struct hard_link *links[LINK_BUCKETS];
  bool whiteouts;
  int file;      /* whose data are being packed, or -1 */
  uint64_t left; /* bytes of it still to come */
  size_t padding;
  bool opaque; /* an opaque marker for the current level comes next */
  bool ended;  /* the empty blocks at the end are written */
  char error[TAR_PATH + 64];
};

static ssize_t fail(struct tar_pack *pack, const char *call) {
  const char *reason = strerror(errno);
  snprintf(pack->error, sizeof pack->error, "%s %s: %c%s", call, pack->entry.path, reason[0] | 32, reason + 1);
  return -1;
}

static int by_name(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Reads the names in a directory, sorted. Takes over the descriptor. */
static struct level *open_level(struct tar_pack *pack, int fd, size_t path_length) {
  struct level *level = calloc(1, sizeof *level);
  int copy = dup(fd);
  DIR *directory = level && copy >= 0 ? fdopendir(copy) : NULL;
  if (!directory) {
    close(fd);
    free(level);
    return NULL;
  }
  size_t space = 0;
  for (struct dirent *item; (item = readdir(directory));) {
    if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, "..")) continue;
    if (level->count == space) {
      space = space ? space * 2 : 16;
      char **names = realloc(level->names, space * sizeof *names);
      if (!names) abort();
      level->names = names;
    }
    level->names[level->count++] = strdup(item->d_name);
  }
  closedir(directory);
  qsort(level->names, level->count, sizeof *level->names, by_name);
  level->fd = fd;
  level->path_length = path_length;
  level->above = pack->level;
  pack->level = level;
  return level;
}

static void leave_level(struct tar_pack *pack) {
  struct level *level = pack->level;
  pack->level = level->above;
  for (size_t i = 0; i < level->count; i++) free(level->names[i]);
  free(level->names);
  free(level->rename);
  close(level->fd);
  free(level);
}

/* The path under which this inode was packed before, or NULL; then it is remembered. */
static const char *earlier_name(struct tar_pack *pack, const struct stat *status) {
  struct hard_link **bucket = &pack->links[status->st_ino % LINK_BUCKETS];
  for (struct hard_link *link = *bucket; link; link = link->next)
    if (link->inode == status->st_ino && link->device == status->st_dev) return link->path;
  size_t length = strlen(pack->entry.path) + 1;
  struct hard_link *link = malloc(sizeof *link + length);
  if (!link) abort();
  link->device = status->st_dev;
  link->inode = status->st_ino;
  memcpy(link->path, pack->entry.path, length);
  link->next = *bucket;
  *bucket = link;
  return NULL;
}

/* File capabilities are the one attribute that images carry. */
static void read_capabilities(struct tar_pack *pack, int fd) {
  char value[64];
  ssize_t length = fgetxattr(fd, "security.capability", value, sizeof value);
  if (length <= 0) return;
  struct tar_xattr *xattr = &pack->entry.xattrs[0];
  strcpy(xattr->name, "security.capability");
  xattr->value = malloc((size_t)length);
  if (!xattr->value) abort();
  memcpy(xattr->value, value, (size_t)length);
  xattr->length = (size_t)length;
  pack->entry.xattr_count = 1;
}

static int type_of(mode_t mode) {
  switch (mode & S_IFMT) {
  case S_IFREG: return TAR_FILE;
  case S_IFDIR: return TAR_DIRECTORY;
  case S_IFLNK: return TAR_SYMLINK;
  case S_IFCHR: return TAR_CHAR;
  case S_IFBLK: return TAR_BLOCK_DEVICE;
  case S_IFIFO: return TAR_FIFO;
  default: return 0; /* a socket: no archive can hold it */
  }
}

static void fill_entry(struct tar_pack *pack, const struct stat *status, int type) {
  struct tar_entry *entry = &pack->entry;
  entry->type = type;
  entry->mode = status->st_mode & 07777;
  entry->uid = status->st_uid;
  entry->gid = status->st_gid;
  entry->mtime = (double)status->st_mtim.tv_sec;
  entry->size = 0;
  entry->link[0] = 0;
  bool device = type == TAR_CHAR || type == TAR_BLOCK_DEVICE;
  entry->major = device ? major(status->st_rdev) : 0;
  entry->minor = device ? minor(status->st_rdev) : 0;
}

/* Writes the header of a whiteout: an empty file named after what it hides. */
static size_t put_whiteout(struct tar_pack *pack, const struct stat *status, size_t directory, const char *name,
                           uint8_t *buffer) {
  fill_entry(pack, status, TAR_FILE);
  pack->entry.mode = 0;
  snprintf(pack->entry.path + directory, TAR_PATH - directory, ".wh.%s", name);
  return tar_format(&pack->entry, buffer);
}

/* Whether an entry was taken away or replaced while we looked: then it is left out, as if it had never been. */
static bool is_gone(void) { return errno == ENOENT || errno == ELOOP || errno == ENXIO || errno == ENOTDIR; }

/* Opens what was a regular file a moment ago. Returns -1 with errno; something else by now is ENOENT. */
static int open_file(int directory, const char *name, struct stat *status) {
  int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || (fstat(fd, status) == 0 && S_ISREG(status->st_mode))) return fd;
  close(fd);
  errno = ENOENT;
  return -1;
}

static ssize_t put_file(struct tar_pack *pack, struct stat *status, int directory, const char *name,
                        uint8_t *buffer) {
  struct tar_entry *entry = &pack->entry;
  int file = open_file(directory, name, status);
  if (file < 0) return is_gone() ? 0 : fail(pack, "open");
  fill_entry(pack, status, TAR_FILE);
  const char *earlier = status->st_nlink > 1 ? earlier_name(pack, status) : NULL;
  if (earlier) {
    close(file);
    entry->type = TAR_HARD_LINK;
    snprintf(entry->link, sizeof entry->link, "%s", earlier);
    return (ssize_t)tar_format(entry, buffer);
  }
  pack->file = file;
  entry->size = (uint64_t)status->st_size;
  pack->left = entry->size;
  pack->padding = (TAR_BLOCK - entry->size % TAR_BLOCK) % TAR_BLOCK;
  read_capabilities(pack, pack->file);
  return (ssize_t)tar_format(entry, buffer);
}

static ssize_t put_directory(struct tar_pack *pack, int directory, const char *name, uint8_t *buffer) {
  struct tar_entry *entry = &pack->entry;
  int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return is_gone() ? 0 : fail(pack, "open");
  char opaque = 0;
  pack->opaque = pack->whiteouts && fgetxattr(fd, "trusted.overlay.opaque", &opaque, 1) == 1 && opaque == 'y';
  size_t length = strlen(entry->path);
  if (length + 2 > TAR_PATH) {
    close(fd);
    errno = ENAMETOOLONG;
    return fail(pack, "open");
  }
  strcpy(entry->path + length, "/");
  if (!open_level(pack, fd, length + 1)) return fail(pack, "readdir");
  return (ssize_t)tar_format(entry, buffer);
}

/* Writes the header of one entry whose path is already set up to `directory_length`. 0 means nothing to pack. */
static ssize_t put_entry(struct tar_pack *pack, int directory, const char *name, size_t directory_length,
                         uint8_t *buffer) {
  struct tar_entry *entry = &pack->entry;
  struct stat status;
  if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return errno == ENOENT ? 0 : fail(pack, "lstat");
  if (pack->whiteouts && S_ISCHR(status.st_mode) && status.st_rdev == 0)
    return (ssize_t)put_whiteout(pack, &status, directory_length, name, buffer);
  int type = type_of(status.st_mode);
  if (!type) return 0;
  fill_entry(pack, &status, type);
  if (type == TAR_DIRECTORY) return put_directory(pack, directory, name, buffer);
  if (type == TAR_FILE) return put_file(pack, &status, directory, name, buffer);
  if (type == TAR_SYMLINK) {
    ssize_t length = readlinkat(directory, name, entry->link, sizeof entry->link - 1);
    if (length < 0) return is_gone() || errno == EINVAL ? 0 : fail(pack, "readlink");
    entry->link[length] = 0;
  }
  return (ssize_t)tar_format(entry, buffer);
}

/* Writes the next header. Returns its length; at the end of everything the empty blocks. */
static ssize_t next_header(struct tar_pack *pack, uint8_t *buffer) {
  while (pack->level) {
    struct level *level = pack->level;
    struct tar_entry *entry = &pack->entry;
    tar_free_xattrs(entry);
    if (pack->opaque) {
      struct stat status;
      pack->opaque = false;
      fstat(level->fd, &status);
      return (ssize_t)put_whiteout(pack, &status, level->path_length, ".wh..opq", buffer);
    }
    if (level->next == level->count) {
      leave_level(pack);
      continue;
    }
    const char *name = level->names[level->next++];
    const char *shown = level->rename ? level->rename : name;
    if (level->path_length + strlen(shown) + 2 > TAR_PATH) {
      errno = ENAMETOOLONG;
      return fail(pack, "open");
    }
    strcpy(entry->path + level->path_length, shown);
    ssize_t length = put_entry(pack, level->fd, name, level->path_length, buffer);
    if (length != 0) return length;
  }
  if (pack->ended) return 0;
  pack->ended = true;
  memset(buffer, 0, 2 * TAR_BLOCK);
  return 2 * TAR_BLOCK;
}

/* Copies data of the current file. A file that shrank meanwhile is filled up with zeros, as tar must. */
static ssize_t put_data(struct tar_pack *pack, uint8_t *buffer, size_t space) {
  size_t want = pack->left < space ? (size_t)pack->left : space;
  ssize_t count = want > 0 ? read(pack->file, buffer, want) : 0;
  if (count < 0) return fail(pack, "read");
  if (count == 0 && want > 0) {
    memset(buffer, 0, want);
    count = (ssize_t)want;
  }
  pack->left -= (uint64_t)count;
  if (pack->left == 0) {
    close(pack->file);
    pack->file = -1;
  }
  return count;
}

ssize_t tar_pack_read(struct tar_pack *pack, uint8_t *buffer, size_t space) {
  size_t used = 0;
  while (used < space) {
    ssize_t count;
    if (pack->error[0]) return -1;
    if (pack->file >= 0) {
      count = put_data(pack, buffer + used, space - used);
    } else if (pack->padding > 0) {
      count = (ssize_t)(pack->padding < space - used ? pack->padding : space - used);
      memset(buffer + used, 0, (size_t)count);
      pack->padding -= (size_t)count;
    } else {
      if (space - used < TAR_HEADER_SPACE) break;
      count = next_header(pack, buffer + used);
      if (count == 0) break;
    }
    if (count < 0) return -1;
    used += (size_t)count;
  }
  return (ssize_t)used;
}

/* A level that holds just one name of a directory, so that a single entry packs like a tree. */
static void open_single(struct tar_pack *pack, int fd, const char *name, const char *rename) {
  struct level *level = calloc(1, sizeof *level);
  if (!level || !(level->names = calloc(1, sizeof *level->names)) || !(level->names[0] = strdup(name))) abort();
  if (rename && !(level->rename = strdup(rename))) abort();
  level->fd = fd;
  level->count = 1;
  pack->level = level;
}

struct tar_pack *tar_pack_open(const struct tar_pack_options *options) {
  struct tar_pack *pack = calloc(1, sizeof *pack);
  int fd = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!pack || fd < 0) {
    int error = errno;
    free(pack);
    if (fd >= 0) close(fd);
    errno = error;
    return NULL;
  }
  pack->file = -1;
  pack->whiteouts = options->whiteouts;
  if (options->name) {
    open_single(pack, fd, options->name, options->rename);
    return pack;
  }
  if (options->rename) strcpy(pack->entry.path, options->rename);
  if (open_level(pack, fd, strlen(pack->entry.path))) return pack;
  int error = errno;
  tar_pack_free(pack);
  errno = error;
  return NULL;
}

const char *tar_pack_error(const struct tar_pack *pack) { return pack->error; }

void tar_pack_free(struct tar_pack *pack) {
  if (!pack) return;
  while (pack->level) leave_level(pack);
  if (pack->file >= 0) close(pack->file);
  tar_free_xattrs(&pack->entry);
  for (int i = 0; i < LINK_BUCKETS; i++)
    for (struct hard_link *link = pack->links[i], *next; link; link = next) {
      next = link->next;
      free(link);
    }
  free(pack);
}
