#include "tar_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Offsets and widths of ustar's fields. */
enum {
  NAME = 0, NAME_SIZE = 100,
  MODE = 100,
  UID = 108,
  GID = 116,
  SIZE = 124,
  MTIME = 136,
  CHECKSUM = 148,
  TYPE = 156,
  LINK = 157, LINK_SIZE = 100,
  MAGIC = 257,
  MAJOR = 329,
  MINOR = 337,
  PREFIX = 345, PREFIX_SIZE = 155,
};

bool tar_is_end(const uint8_t block[TAR_BLOCK]) {
  for (int i = 0; i < TAR_BLOCK; i++)
    if (block[i]) return false;
  return true;
}

/* Octal text, or GNU's base-256 where the first bit is set. */
static uint64_t parse_number(const uint8_t *field, int size) {
  uint64_t value = 0;
  if (field[0] & 0x80) {
    value = field[0] & 0x7f;
    for (int i = 1; i < size; i++) value = value << 8 | field[i];
    return value;
  }
  for (int i = 0; i < size && field[i]; i++)
    if (field[i] >= '0' && field[i] <= '7') value = value << 3 | (uint64_t)(field[i] - '0');
  return value;
}

static unsigned checksum(const uint8_t block[TAR_BLOCK]) {
  unsigned sum = 8 * ' ';
  for (int i = 0; i < TAR_BLOCK; i++)
    if (i < CHECKSUM || i >= CHECKSUM + 8) sum += block[i];
  return sum;
}

const char *tar_parse(const uint8_t block[TAR_BLOCK], struct tar_entry *entry) {
  if (parse_number(block + CHECKSUM, 8) != checksum(block)) return "invalid tar header";
  entry->type = block[TYPE] ? block[TYPE] : TAR_FILE;
  if (strchr("xgLK", entry->type)) { /* a record: what earlier ones said is about the entry behind it */
    entry->size = parse_number(block + SIZE, 12);
    return NULL;
  }
  entry->mode = (uint32_t)parse_number(block + MODE, 8) & 07777;
  if (!(entry->overrides & TAR_HAS_UID)) entry->uid = (uint32_t)parse_number(block + UID, 8);
  if (!(entry->overrides & TAR_HAS_GID)) entry->gid = (uint32_t)parse_number(block + GID, 8);
  if (!(entry->overrides & TAR_HAS_SIZE)) entry->size = parse_number(block + SIZE, 12);
  if (!(entry->overrides & TAR_HAS_MTIME)) entry->mtime = (double)parse_number(block + MTIME, 12);
  entry->major = (uint32_t)parse_number(block + MAJOR, 8);
  entry->minor = (uint32_t)parse_number(block + MINOR, 8);
  if (!entry->path[0]) {
    bool posix = memcmp(block + MAGIC, "ustar\0", 6) == 0;
    if (posix && block[PREFIX])
      snprintf(entry->path, sizeof entry->path, "%.*s/%.*s", PREFIX_SIZE, block + PREFIX, NAME_SIZE, block + NAME);
    else
      snprintf(entry->path, sizeof entry->path, "%.*s", NAME_SIZE, block + NAME);
  }
  if (!entry->link[0]) snprintf(entry->link, sizeof entry->link, "%.*s", LINK_SIZE, block + LINK);
  if (entry->type == '7') entry->type = TAR_FILE; /* "contiguous", treated as a plain file */
  return NULL;
}

static const char *add_xattr(struct tar_entry *entry, const char *name, size_t name_length, const char *value,
                             size_t length) {
  if (entry->xattr_count == TAR_XATTRS) return "too many extended attributes";
  struct tar_xattr *xattr = &entry->xattrs[entry->xattr_count];
  if (name_length >= sizeof xattr->name) return "the name of an extended attribute is too long";
  memcpy(xattr->name, name, name_length);
  xattr->name[name_length] = 0;
  xattr->value = malloc(length + 1);
  if (!xattr->value) return "out of memory";
  memcpy(xattr->value, value, length);
  xattr->length = length;
  entry->xattr_count++;
  return NULL;
}

static bool is_key(const char *key, size_t length, const char *name) {
  return strlen(name) == length && memcmp(key, name, length) == 0;
}

static const char *copy_path(char target[TAR_PATH], const char *value, size_t length) {
  if (length >= TAR_PATH) return "path too long";
  memcpy(target, value, length);
  target[length] = 0;
  return NULL;
}

/* Applies one record. Unknown keys are none of ours. Returns NULL or what is wrong. */
static const char *apply_record(struct tar_entry *entry, const char *key, size_t key_length, const char *value,
                                size_t length) {
  static const char prefix[] = "SCHILY.xattr.";
  const size_t prefix_length = sizeof prefix - 1;
  if (is_key(key, key_length, "path")) return copy_path(entry->path, value, length);
  if (is_key(key, key_length, "linkpath")) return copy_path(entry->link, value, length);
  if (key_length > prefix_length && memcmp(key, prefix, prefix_length) == 0)
    return add_xattr(entry, key + prefix_length, key_length - prefix_length, value, length);
  if (is_key(key, key_length, "size")) {
    entry->size = strtoull(value, NULL, 10);
    entry->overrides |= TAR_HAS_SIZE;
  } else if (is_key(key, key_length, "mtime")) {
    entry->mtime = strtod(value, NULL);
    entry->overrides |= TAR_HAS_MTIME;
  } else if (is_key(key, key_length, "uid")) {
    entry->uid = (uint32_t)strtoul(value, NULL, 10);
    entry->overrides |= TAR_HAS_UID;
  } else if (is_key(key, key_length, "gid")) {
    entry->gid = (uint32_t)strtoul(value, NULL, 10);
    entry->overrides |= TAR_HAS_GID;
  }
  return NULL;
}

const char *tar_apply_pax(const char *records, size_t length, struct tar_entry *entry) {
  for (const char *at = records, *end = records + length; at < end;) {
    char *text;
    size_t record = strtoul(at, &text, 10);
    const char *next = at + record;
    if (*text != ' ' || record < 4 || next > end || next <= text || next[-1] != '\n') return "invalid pax record";
    const char *key = text + 1, *equals = memchr(key, '=', (size_t)(next - key));
    if (!equals) return "invalid pax record";
    const char *problem = apply_record(entry, key, (size_t)(equals - key), equals + 1, (size_t)(next - equals) - 2);
    if (problem) return problem;
    at = next;
  }
  return NULL;
}

void tar_free_xattrs(struct tar_entry *entry) {
  for (int i = 0; i < entry->xattr_count; i++) free(entry->xattrs[i].value);
  entry->xattr_count = 0;
}

/* ---- writing ---- */

static void put_octal(uint8_t *block, int offset, int size, uint64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%0*llo", size - 1, (unsigned long long)value);
  memcpy(block + offset, text, (size_t)size);
}

static void put_block(uint8_t *block, const char *path, const char *link, int type, uint64_t size,
                      const struct tar_entry *entry) {
  memset(block, 0, TAR_BLOCK);
  memcpy(block + NAME, path, strnlen(path, NAME_SIZE));
  memcpy(block + LINK, link, strnlen(link, LINK_SIZE));
  put_octal(block, MODE, 8, entry->mode);
  put_octal(block, UID, 8, entry->uid & 07777777);
  put_octal(block, GID, 8, entry->gid & 07777777);
  put_octal(block, SIZE, 12, size <= 077777777777ULL ? size : 0);
  put_octal(block, MTIME, 12, entry->mtime > 0 ? (uint64_t)entry->mtime : 0);
  block[TYPE] = (uint8_t)type;
  memcpy(block + MAGIC, "ustar\00000", 8);
  put_octal(block, MAJOR, 8, entry->major);
  put_octal(block, MINOR, 8, entry->minor);
  char text[16];
  snprintf(text, sizeof text, "%06o", checksum(block));
  memcpy(block + CHECKSUM, text, 7);
  block[CHECKSUM + 7] = ' ';
}

/* Appends "length key=value\n", whose length counts its own digits. */
static size_t put_record(char *records, size_t at, const char *key, const char *value, size_t length) {
  size_t body = strlen(key) + length + 3, total = body + 1;
  for (size_t digits = 1, bound = 10; total >= bound; bound *= 10) total = body + ++digits;
  at += (size_t)sprintf(records + at, "%zu %s=", total, key);
  memcpy(records + at, value, length);
  records[at + length] = '\n';
  return at + length + 1;
}

size_t tar_format(const struct tar_entry *entry, uint8_t *buffer) {
  char records[TAR_HEADER_SPACE - 4 * TAR_BLOCK], number[32];
  size_t length = 0, used = 0;
  if (strlen(entry->path) > NAME_SIZE) length = put_record(records, length, "path", entry->path, strlen(entry->path));
  if (strlen(entry->link) > LINK_SIZE) length = put_record(records, length, "linkpath", entry->link, strlen(entry->link));
  if (entry->size > 077777777777ULL) {
    snprintf(number, sizeof number, "%llu", (unsigned long long)entry->size);
    length = put_record(records, length, "size", number, strlen(number));
  }
  if (entry->uid > 07777777) {
    snprintf(number, sizeof number, "%u", entry->uid);
    length = put_record(records, length, "uid", number, strlen(number));
  }
  if (entry->gid > 07777777) {
    snprintf(number, sizeof number, "%u", entry->gid);
    length = put_record(records, length, "gid", number, strlen(number));
  }
  for (int i = 0; i < entry->xattr_count; i++) {
    char key[160];
    snprintf(key, sizeof key, "SCHILY.xattr.%s", entry->xattrs[i].name);
    if (length + sizeof key + entry->xattrs[i].length + 32 > sizeof records) break;
    length = put_record(records, length, key, entry->xattrs[i].value, entry->xattrs[i].length);
  }
  if (length > 0) {
    put_block(buffer, "PaxHeaders.0/entry", "", TAR_PAX, length, entry);
    size_t padded = (length + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    memset(buffer + TAR_BLOCK, 0, padded);
    memcpy(buffer + TAR_BLOCK, records, length);
    used = TAR_BLOCK + padded;
  }
  put_block(buffer + used, entry->path, entry->link, entry->type, entry->size, entry);
  return used + TAR_BLOCK;
}
