/* Unpacks a tar stream into a directory as it arrives. */
#ifndef DRYDOCK_TAR_UNPACK_H
#define DRYDOCK_TAR_UNPACK_H

#include "tar_extract.h"

struct tar_unpack;

/* Returns NULL with errno. Nothing outside the root is touched, whatever links the archive holds. */
struct tar_unpack *tar_unpack_open(const struct tar_extract_options *options);
/* Returns 0, or -1: then tar_unpack_error() tells why. */
int tar_unpack_write(struct tar_unpack *unpack, const uint8_t *data, size_t length);
/* Checks that the archive is complete, and sets the times of its directories. */
int tar_unpack_end(struct tar_unpack *unpack);
const char *tar_unpack_error(const struct tar_unpack *unpack);
/* The sizes of all regular files together. */
double tar_unpack_size(const struct tar_unpack *unpack);
void tar_unpack_free(struct tar_unpack *unpack);

#endif
