/* Steps that make and change files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "shim.h"

/* mkdir PATH MODE: one that is there is fine. */
static int run_mkdir(struct child *child, char **arguments) {
  mode_t mode = (mode_t)atoi(arguments[1]);
  if (mkdir(arguments[0], mode) < 0) return errno == EEXIST ? 0 : -1;
  return chmod(arguments[0], mode); /* whatever the umask */
}

/* mknod PATH MODE MAJOR MINOR: a character device. */
static int run_mknod(struct child *child, char **arguments) {
  mode_t mode = (mode_t)atoi(arguments[1]);
  dev_t device = makedev((unsigned)atoi(arguments[2]), (unsigned)atoi(arguments[3]));
  if (mknod(arguments[0], mode, device) < 0 && errno != EEXIST) return -1;
  return chmod(arguments[0], mode & 07777);
}

/* symlink TARGET PATH */
static int run_symlink(struct child *child, char **arguments) {
  return symlink(arguments[0], arguments[1]) < 0 && errno != EEXIST ? -1 : 0;
}

/* chown PATH UID GID */
static int run_chown(struct child *child, char **arguments) {
  return lchown(arguments[0], (uid_t)strtoul(arguments[1], NULL, 10), (gid_t)strtoul(arguments[2], NULL, 10));
}

/* write PATH TEXT: into a file that exists, as those of /proc do. */
static int run_write(struct child *child, char **arguments) {
  int fd = open(arguments[0], O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t written = write(fd, arguments[1], strlen(arguments[1]));
  int error = errno;
  close(fd);
  errno = error;
  return written < 0 ? -1 : 0;
}

/* chdir PATH */
static int run_chdir(struct child *child, char **arguments) { return chdir(arguments[0]); }

/* umask MODE */
static int run_umask(struct child *child, char **arguments) {
  umask((mode_t)atoi(arguments[0]));
  return 0;
}

const struct step file_steps[] = {
    {"mkdir", 2, run_mkdir}, {"mknod", 4, run_mknod}, {"symlink", 2, run_symlink}, {"chown", 3, run_chown},
    {"write", 2, run_write}, {"chdir", 1, run_chdir}, {"umask", 1, run_umask},     {NULL, 0, NULL},
};
