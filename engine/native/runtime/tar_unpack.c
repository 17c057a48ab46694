#include "tar_unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define META_LIMIT (1024 * 1024) /* of one pax or GNU record */

enum state { HEADER, META, FILE_DATA, PADDING, END };

struct tar_unpack {
  struct tar_extract *extract;
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
  double size;
  char error[2 * TAR_PATH + 256];
};

static int fail(struct tar_unpack *unpack, const char *reason) {
  snprintf(unpack->error, sizeof unpack->error, "%s", reason);
  return -1;
}

static int fail_extract(struct tar_unpack *unpack) { return fail(unpack, tar_extract_error(unpack->extract)); }

static int fail_write(struct tar_unpack *unpack) {
  char text[TAR_PATH + 128], *reason = strerror(errno);
  snprintf(text, sizeof text, "write /%s: %c%s", unpack->entry.path, reason[0] | 32, reason + 1);
  return fail(unpack, text);
}

/* Forgets the entry, so that the next header starts from nothing. */
static void reset_entry(struct tar_unpack *unpack) {
  tar_free_xattrs(&unpack->entry);
  unpack->entry.path[0] = unpack->entry.link[0] = 0;
  unpack->entry.overrides = 0;
}

static int begin_entry(struct tar_unpack *unpack) {
  struct tar_entry *entry = &unpack->entry;
  size_t length = strlen(entry->path);
  /* The first tars had no type for directories. */
  if (entry->type == TAR_FILE && length > 0 && entry->path[length - 1] == '/') entry->type = TAR_DIRECTORY;
  if (entry->type != TAR_FILE) entry->size = 0;
  unpack->left = entry->size;
  unpack->padding = (TAR_BLOCK - entry->size % TAR_BLOCK) % TAR_BLOCK;
  unpack->state = FILE_DATA;
  if (tar_extract_begin(unpack->extract, entry, &unpack->file) < 0) return fail_extract(unpack);
  if (unpack->file >= 0) unpack->size += (double)entry->size;
  return 0;
}

static int finish_entry(struct tar_unpack *unpack) {
  int result = 0;
  if (unpack->file >= 0) {
    if (tar_extract_end(unpack->extract, &unpack->entry, unpack->file) < 0) result = fail_extract(unpack);
    unpack->file = -1;
  }
  reset_entry(unpack);
  unpack->state = unpack->padding ? PADDING : HEADER;
  return result;
}

/* ---- records that describe the entry behind them ---- */

static int begin_meta(struct tar_unpack *unpack) {
  uint64_t size = unpack->entry.size;
  if (size > META_LIMIT) return fail(unpack, "a header record is too large");
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
  return problem ? fail(unpack, problem) : 0;
}

static int read_header(struct tar_unpack *unpack) {
  if (tar_is_end(unpack->block)) {
    unpack->state = END; /* one empty block is enough; what follows is padding */
    return 0;
  }
  const char *problem = tar_parse(unpack->block, &unpack->entry);
  if (problem) return fail(unpack, problem);
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
      if (written < 0) return fail_write(unpack);
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

struct tar_unpack *tar_unpack_open(const struct tar_extract_options *options) {
  struct tar_unpack *unpack = calloc(1, sizeof *unpack);
  if (!unpack) return NULL;
  unpack->file = -1;
  unpack->extract = tar_extract_open(options);
  if (unpack->extract) return unpack;
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
  /* Like Go's reader, we do without the blocks at the end and without the last file's padding. */
  bool complete = unpack->state == END || unpack->state == PADDING ||
                  (unpack->state == HEADER && unpack->block_used == 0);
  if (!complete) return fail(unpack, "unexpected EOF");
  tar_extract_finish(unpack->extract);
  return 0;
}

const char *tar_unpack_error(const struct tar_unpack *unpack) { return unpack->error; }

double tar_unpack_size(const struct tar_unpack *unpack) { return unpack->size; }

void tar_unpack_free(struct tar_unpack *unpack) {
  if (!unpack) return;
  if (unpack->file >= 0) close(unpack->file);
  tar_extract_free(unpack->extract);
  free(unpack->meta);
  tar_free_xattrs(&unpack->entry);
  free(unpack);
}
