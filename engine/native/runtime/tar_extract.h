/* Makes what the entries of an archive describe, below a directory and never outside its root. */
#ifndef DRYDOCK_TAR_EXTRACT_H
#define DRYDOCK_TAR_EXTRACT_H

#include "tar_header.h"

/* What to do with the whiteouts of an image layer (OCI image-spec, layer.md). */
enum tar_whiteouts {
  WHITEOUTS_KEEP,    /* they are names like any other */
  WHITEOUTS_OVERLAY, /* write overlayfs's own: a 0:0 character device, an opaque attribute */
};

struct tar_extract_options {
  const char *root;  /* the directory that is "/" to all links */
  const char *below; /* the path in it where entries go; "" for the root, whose own entry then counts too */
  enum tar_whiteouts whiteouts;
  bool keep_kinds; /* refuse to replace a directory by something else, and the reverse */
  bool owned;      /* everything belongs to uid and gid, whatever the archive says; -1 leaves what we are */
  uint32_t uid, gid;
  const char *from, *to; /* what the names of entries start with, and what takes its place; or NULL */
};

struct tar_extract;

/* Returns NULL with errno. */
struct tar_extract *tar_extract_open(const struct tar_extract_options *options);
/*
 * Makes an entry. Of a regular file *file is the descriptor for its data, else -1. Returns 0, or -1: then
 * tar_extract_error() tells why.
 */
int tar_extract_begin(struct tar_extract *extract, const struct tar_entry *entry, int *file);
/* Sets the metadata of a regular file once its data are in, and closes it. */
int tar_extract_end(struct tar_extract *extract, const struct tar_entry *entry, int file);
/* Sets the times of the directories. */
void tar_extract_finish(struct tar_extract *extract);
const char *tar_extract_error(const struct tar_extract *extract);
void tar_extract_free(struct tar_extract *extract);

#endif
