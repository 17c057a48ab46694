/* Removes whole trees. */
#ifndef DRYDOCK_TREE_REMOVE_H
#define DRYDOCK_TREE_REMOVE_H

/*
 * Removes a file or a directory with all below it; what is absent is fine. Links are removed, not followed.
 * `directory` may be AT_FDCWD. Returns 0 or -1 with errno.
 */
int tree_remove(int directory, const char *name);

#endif
