/* Copies what a directory holds into another, with owners, modes, times, attributes and links, a piece at a time. */
#ifndef DRYDOCK_TREE_COPY_H
#define DRYDOCK_TREE_COPY_H

#include <stddef.h>

struct tree_copy;

/* Returns NULL with errno. Both directories must exist; links at the end of their paths are followed. */
struct tree_copy *tree_copy_open(const char *from, const char *to);
/*
 * Copies about so many bytes more (an entry without data counts as a page). Returns 1 when all is copied, 0 when there
 * is more, -1 on failure: then tree_copy_error() tells why. Sockets are left out.
 */
int tree_copy_run(struct tree_copy *copy, size_t bytes);
const char *tree_copy_error(const struct tree_copy *copy);
void tree_copy_free(struct tree_copy *copy);

#endif
