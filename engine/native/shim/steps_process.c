/* Steps that change what the process is: namespaces, session, terminal, user, limits, environment. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "shim.h"

/* setns PATH FLAG */
static int run_setns(struct child *child, char **arguments) {
  int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = setns(fd, atoi(arguments[1])), error = errno;
  close(fd);
  errno = error;
  return result;
}

/* unshare FLAGS */
static int run_unshare(struct child *child, char **arguments) { return unshare(atoi(arguments[0])); }

/* hostname NAME */
static int run_hostname(struct child *child, char **arguments) {
  return sethostname(arguments[0], strlen(arguments[0]));
}

/* domainname NAME */
static int run_domainname(struct child *child, char **arguments) {
  return setdomainname(arguments[0], strlen(arguments[0]));
}

/* session: a new one, before a terminal is taken. */
static int run_session(struct child *child, char **arguments) { return setsid() < 0 ? -1 : 0; }

/*
 * console ROWS COLUMNS UID BIND: opens a pty of the devpts at /dev/pts, gives its master to the shim and takes
 * the slave as terminal and stdio. BIND 1 also makes it /dev/console.
 */
static int run_console(struct child *child, char **arguments) {
  char name[32];
  int unlock = 0, index;
  struct winsize size = {.ws_row = (unsigned short)atoi(arguments[0]), .ws_col = (unsigned short)atoi(arguments[1])};
  int master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) < 0 || ioctl(master, TIOCGPTN, &index) < 0) return -1;
  if (size.ws_row > 0 && ioctl(master, TIOCSWINSZ, &size) < 0) return -1;
  snprintf(name, sizeof name, "/dev/pts/%d", index);
  int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) return -1;
  if (arguments[3][0] == '1') {
    int target = open("/dev/console", O_WRONLY | O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0666);
    if (target >= 0) close(target);
    if (mount(name, "/dev/console", NULL, MS_BIND, NULL) < 0) return -1;
  }
  if (fchown(slave, (uid_t)atoi(arguments[2]), (gid_t)-1) < 0) return -1;
  if (child_send_master(child, master) < 0 || ioctl(slave, TIOCSCTTY, 0) < 0) return -1;
  for (int fd = 0; fd < 3; fd++)
    if (dup2(slave, fd) < 0) return -1;
  close(master);
  return 0;
}

/* own-stdio UID: lets the user reopen /dev/stdout; not where it is the host's /dev/null. */
static int run_own_stdio(struct child *child, char **arguments) {
  struct stat status;
  for (int fd = 0; fd < 3; fd++) {
    if (fstat(fd, &status) < 0) return -1;
    if (S_ISFIFO(status.st_mode) && fchown(fd, (uid_t)atoi(arguments[0]), (gid_t)-1) < 0) return -1;
  }
  return 0;
}

/* rlimit RESOURCE SOFT HARD: "-1" is unlimited. */
static int run_rlimit(struct child *child, char **arguments) {
  struct rlimit limit = {.rlim_cur = (rlim_t)strtoll(arguments[1], NULL, 10),
                         .rlim_max = (rlim_t)strtoll(arguments[2], NULL, 10)};
  return setrlimit(atoi(arguments[0]), &limit);
}

/* groups [GID...]: the supplementary ones. */
static int run_groups(struct child *child, char **arguments) {
  gid_t groups[256];
  size_t count = 0;
  for (; arguments[count] && count < 256; count++) groups[count] = (gid_t)strtoul(arguments[count], NULL, 10);
  return setgroups(count, groups);
}

/* user UID GID: real, effective and saved. Capabilities are kept for the step that sets them. */
static int run_user(struct child *child, char **arguments) {
  uid_t uid = (uid_t)strtoul(arguments[0], NULL, 10);
  gid_t gid = (gid_t)strtoul(arguments[1], NULL, 10);
  if (prctl(PR_SET_KEEPCAPS, 1) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0) return -1;
  return 0;
}

/* environment [NAME=VALUE...] */
static int run_environment(struct child *child, char **arguments) {
  child->environment = arguments;
  return 0;
}

/* exec WORD... */
static int run_exec(struct child *child, char **arguments) { return exec_program(child, arguments); }

const struct step process_steps[] = {
    {"setns", 2, run_setns},
    {"unshare", 1, run_unshare},
    {"hostname", 1, run_hostname},
    {"domainname", 1, run_domainname},
    {"session", 0, run_session},
    {"console", 4, run_console},
    {"own-stdio", 1, run_own_stdio},
    {"rlimit", 3, run_rlimit},
    {"groups", 0, run_groups},
    {"user", 2, run_user},
    {"environment", 0, run_environment},
    {"exec", 1, run_exec},
    {NULL, 0, NULL},
};
