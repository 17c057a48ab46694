/*
 * Paths inside a root directory that is not ours, as if it were "/": neither ".." nor a link leads out of it, even
 * while somebody changes what lies there (openat2(2), RESOLVE_IN_ROOT). A path may start with slashes.
 */
#ifndef DRYDOCK_IN_ROOT_H
#define DRYDOCK_IN_ROOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens a path below the root, close-on-exec; "" is the root itself. Returns a descriptor or -1 with errno. */
int in_root_open(int root, const char *path, uint64_t flags);
/* Makes the directories of a path that are missing, and opens the last (O_PATH). Returns -1 with errno. */
int in_root_make_directories(int root, const char *path, mode_t mode);
/* Opens the place for a mount (O_PATH), made as a directory or as an empty file where it is missing. */
int in_root_make_target(int root, const char *path, bool directory);

#endif
