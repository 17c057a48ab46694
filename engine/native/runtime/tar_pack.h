/* Packs a directory into a tar stream, piece by piece. */
#ifndef DRYDOCK_TAR_PACK_H
#define DRYDOCK_TAR_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tar_pack_options {
  const char *directory; /* what to pack */
  const char *name;      /* only this entry of it (a file or a tree; "." for itself), or NULL for all in it */
  const char *rename;    /* what that entry is called in the archive; with all, a prefix ending in "/"; or NULL */
  bool whiteouts;        /* turn overlayfs's whiteouts into those of an image layer */
};

struct tar_pack; /* What is taken away while it packs is left out; what shrinks is filled up with zeros. */

/* Returns NULL with errno. */
struct tar_pack *tar_pack_open(const struct tar_pack_options *options);
/* Fills the buffer (at least 16 KiB). Returns the length, 0 at the end, -1 with tar_pack_error(). */
ssize_t tar_pack_read(struct tar_pack *pack, uint8_t *buffer, size_t space);
const char *tar_pack_error(const struct tar_pack *pack);
void tar_pack_free(struct tar_pack *pack);

#endif
