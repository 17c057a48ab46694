/* Bind mounts by descriptors, so that no path is looked up twice (open_tree(2), mount_setattr(2), move_mount(2)). */
#ifndef DRYDOCK_BIND_MOUNT_H
#define DRYDOCK_BIND_MOUNT_H

#include <stdbool.h>

enum bind_access { BIND_WRITABLE, BIND_READ_ONLY, BIND_READ_ONLY_TREE };

struct bind_mount {
  const char *source;
  const char *subpath;       /* what to show of the source, which no link may lead out of; "" for all */
  bool recursive;            /* with the mounts below it */
  enum bind_access access;   /* READ_ONLY leaves the mounts below it as they are */
  unsigned long propagation; /* MS_PRIVATE and the like, with MS_REC for all below; 0 leaves it */
};

/*
 * Mounts at a path inside a root, which is made where it is missing. Returns 0, or -1 with errno and *failed set to
 * what it was about: "source", "subpath", "target" or "mount".
 */
int bind_mount_in_root(int root, const char *target, const struct bind_mount *bind, const char **failed);

/* Makes the mount at a path inside a root read-only; with `tree`, those below it too. Returns 0 or -1 with errno. */
int make_read_only_in_root(int root, const char *path, bool tree);

#endif
