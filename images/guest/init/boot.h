/* What happens once, before any service runs: the root file system, mounts, cgroups, kernel settings. */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>

#include "journal.h"

/*
 * Moves the initramfs to a tmpfs and makes that the root: pivot_root(2) answers EINVAL on an initramfs, so no
 * container could start from one. Ends by executing path again; returns only with a negated errno.
 */
int boot_leave_initramfs(const char *path);

/* Mounts the kernel's file systems and the data's, gives the console to descriptors 0 to 2. */
void boot_mount(void);

/* cgroup controllers, /etc/sysctl.conf, the host name. */
void boot_settle(const struct journal *journal);

/* Copies the value of `name=value` on the kernel's command line. Returns false when it is not there. */
bool boot_option(const char *name, char *value, int size);

#endif
