/* What an overlay's upper directory changes in the files below it. */
#ifndef DRYDOCK_TREE_CHANGES_H
#define DRYDOCK_TREE_CHANGES_H

enum change_kind { CHANGE_MODIFIED, CHANGE_ADDED, CHANGE_DELETED }; /* numbered as in the Engine API */

/* Called for each path, a directory before what is in it, in the order of names. */
typedef void change_report(void *context, enum change_kind kind, const char *path);

/*
 * Compares an upper directory with what lies below it (a directory, such as an overlay of all lower ones). A directory
 * is modified when something in it is. Returns 0 or -1 with errno.
 */
int tree_changes(const char *upper, const char *lower, change_report *report, void *context);

#endif
