/* Headers of tar archives: ustar and pax (POSIX.1-2017, pax) and the long names of GNU tar. */
#ifndef DRYDOCK_TAR_HEADER_H
#define DRYDOCK_TAR_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAR_BLOCK 512
#define TAR_PATH 4096

enum tar_type {
  TAR_FILE = '0',
  TAR_HARD_LINK = '1',
  TAR_SYMLINK = '2',
  TAR_CHAR = '3',
  TAR_BLOCK_DEVICE = '4',
  TAR_DIRECTORY = '5',
  TAR_FIFO = '6',
  TAR_PAX = 'x',
  TAR_PAX_GLOBAL = 'g',
  TAR_GNU_NAME = 'L',
  TAR_GNU_LINK = 'K',
};

#define TAR_XATTRS 8

struct tar_xattr {
  char name[128];
  char *value; /* malloc'ed */
  size_t length;
};

/* Fields that a pax record has set, and that the header behind it must leave alone. */
enum { TAR_HAS_SIZE = 1, TAR_HAS_MTIME = 2, TAR_HAS_UID = 4, TAR_HAS_GID = 8 };

struct tar_entry {
  char path[TAR_PATH], link[TAR_PATH];
  int overrides; /* TAR_HAS_... */
  int type;
  uint32_t mode, uid, gid, major, minor;
  uint64_t size;
  double mtime; /* seconds since 1970 */
  struct tar_xattr xattrs[TAR_XATTRS];
  int xattr_count;
};

/* True where the block is all zero: the archive's end. */
bool tar_is_end(const uint8_t block[TAR_BLOCK]);

/*
 * Reads a header block into the entry, except for what a pax or GNU record before it has set (a path or link
 * that is not empty, a field in overrides). Returns NULL or the reason why it is no header.
 */
const char *tar_parse(const uint8_t block[TAR_BLOCK], struct tar_entry *entry);

/* Applies pax records ("length key=value\n") to an entry. Returns NULL or what is wrong with them. */
const char *tar_apply_pax(const char *records, size_t length, struct tar_entry *entry);

/*
 * Writes the header blocks of an entry, with a pax record before it where ustar's fields are too small.
 * Returns the length (a multiple of TAR_BLOCK); the buffer must have TAR_HEADER_SPACE bytes.
 */
#define TAR_HEADER_SPACE (4 * TAR_PATH)
size_t tar_format(const struct tar_entry *entry, uint8_t *buffer);

void tar_free_xattrs(struct tar_entry *entry);

#endif
