#define _GNU_SOURCE
#include "boot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_ROOT "/newroot"
#define DATA "/var/lib/docker"

/* A file is removed as soon as it is copied, so that memory never holds the root twice. */
static int move_file(int from, int to, const char *name, const struct stat *status)
{
  int source = openat(from, name, O_RDONLY | O_CLOEXEC);
  int target = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (source < 0 || target < 0)
    return -errno;
  for (off_t left = status->st_size; left > 0;) {
    ssize_t length = sendfile(target, source, NULL, (size_t)left);
    if (length <= 0)
      return length < 0 ? -errno : -EIO;
    left -= length;
  }
  if (fchown(target, status->st_uid, status->st_gid) < 0 || fchmod(target, status->st_mode & 07777) < 0)
    return -errno;
  close(source);
  close(target);
  return unlinkat(from, name, 0) < 0 ? -errno : 0;
}

static int move_link(int from, int to, const char *name)
{
  char target[1024];
  ssize_t length = readlinkat(from, name, target, sizeof target - 1);
  if (length < 0)
    return -errno;
  target[length] = '\0';
  if (symlinkat(target, to, name) < 0)
    return -errno;
  return unlinkat(from, name, 0) < 0 ? -errno : 0;
}

static int move_tree(int from, int to);

static int move_directory(int from, int to, const char *name, const struct stat *status)
{
  if (mkdirat(to, name, 0700) < 0)
    return -errno;
  int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int target = openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (source < 0 || target < 0)
    return -errno;
  int failure = move_tree(source, target);
  if (failure == 0 && (fchown(target, status->st_uid, status->st_gid) < 0 || fchmod(target, status->st_mode & 07777) < 0))
    failure = -errno;
  close(target);
  if (failure < 0)
    return failure;
  return unlinkat(from, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* Moves what directory `from` has to directory `to`; closes `from`. */
static int move_tree(int from, int to)
{
  struct stat status;
  struct dirent *entry;
  int failure = 0;
  DIR *entries = fdopendir(from);

  while (failure == 0 && (entry = readdir(entries))) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
      continue;
    if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
      failure = -errno;
    else if (S_ISDIR(status.st_mode) && strcmp(name, NEW_ROOT + 1) != 0)
      failure = move_directory(from, to, name, &status);
    else if (S_ISREG(status.st_mode))
      failure = move_file(from, to, name, &status);
    else if (S_ISLNK(status.st_mode))
      failure = move_link(from, to, name);
    else if (!S_ISDIR(status.st_mode)) /* a device node: /dev gets its own */
      failure = unlinkat(from, name, 0) < 0 ? -errno : 0;
  }
  closedir(entries);
  return failure;
}

int boot_leave_initramfs(const char *path)
{
  char *const argv[] = {(char *)path, NULL};
  char *const envp[] = {(char *)"drydock_stage=2", NULL};

  if (mkdir(NEW_ROOT, 0755) < 0 || mount("tmpfs", NEW_ROOT, "tmpfs", 0, "size=40%,mode=755") < 0)
    return -errno;
  int from = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), to = open(NEW_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (from < 0 || to < 0)
    return -errno;
  int failure = move_tree(from, to);
  if (failure < 0)
    return failure;
  close(to);
  if (chdir(NEW_ROOT) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
    return -errno;
  execve(path, argv, envp);
  return -errno;
}

static void mount_at(const char *type, const char *path, unsigned long flags, const char *options)
{
  mkdir(path, 0755);
  if (mount(type, path, type, flags, options) < 0 && errno != EBUSY)
    fprintf(stderr, "init: %s on %s: %s\n", type, path, strerror(errno));
}

bool boot_option(const char *name, char *value, int size)
{
  static char line[2048];
  size_t length = strlen(name);
  int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t read_length = fd < 0 ? -1 : read(fd, line, sizeof line - 1);

  if (fd >= 0)
    close(fd);
  if (read_length <= 0)
    return false;
  line[read_length] = '\0';
  char *rest = line, *word;
  while ((word = strsep(&rest, " \n")))
    if (strncmp(word, name, length) == 0 && word[length] == '=') {
      snprintf(value, (size_t)size, "%s", word + length + 1);
      return true;
    }
  return false;
}

void boot_mount(void)
{
  const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  char size[32], options[80];

  mount_at("devtmpfs", "/dev", MS_NOSUID, "mode=755");
  int console = open("/dev/console", O_RDWR | O_NOCTTY);
  for (int fd = 0; console >= 0 && fd <= 2; fd++)
    dup2(console, fd);
  if (console > 2)
    close(console);
  mount_at("proc", "/proc", plain, NULL);
  mount_at("sysfs", "/sys", plain, NULL);
  mount_at("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
  mount_at("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777,size=64m");
  mount_at("mqueue", "/dev/mqueue", plain, NULL);
  mount_at("tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755,size=10%");
  mount_at("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777,size=30%");
  mount_at("cgroup2", "/sys/fs/cgroup", plain, "nsdelegate");
  symlink("/proc/self/fd", "/dev/fd");
  symlink("/proc/self/fd/0", "/dev/stdin");
  symlink("/proc/self/fd/1", "/dev/stdout");
  symlink("/proc/self/fd/2", "/dev/stderr");
  mkdir("/run/drydock", 0755);
  mkdir("/run/lock", 01777);

  /* Images and containers get a file system of their own: when they fill it, the host goes on. */
  if (!boot_option("drydock.data", size, sizeof size))
    snprintf(size, sizeof size, "60%%");
  snprintf(options, sizeof options, "mode=710,nr_inodes=0,size=%s", size);
  mount_at("tmpfs", DATA, 0, options);
}

static int write_setting(const char *path, const char *value)
{
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return -errno;
  int failure = write(fd, value, strlen(value)) < 0 ? -errno : 0;
  close(fd);
  return failure;
}

/* Every controller that the kernel has is handed to the groups below the root one by one: one failing spoils a list. */
static void delegate_controllers(const struct journal *journal)
{
  char name[64], setting[80];
  FILE *file = fopen("/sys/fs/cgroup/cgroup.controllers", "re");
  if (!file) {
    journal_trouble(journal, "no cgroup controllers");
    return;
  }
  while (fscanf(file, "%63s", name) == 1) {
    snprintf(setting, sizeof setting, "+%s", name);
    int failure = write_setting("/sys/fs/cgroup/cgroup.subtree_control", setting);
    if (failure < 0)
      journal_trouble(journal, "cgroup controller %s: %s", name, strerror(-failure));
  }
  fclose(file);
}

/* /etc/sysctl.conf: `name = value` lines; a dot in a name is a slash below /proc/sys. */
static void apply_sysctls(const struct journal *journal)
{
  char line[256], path[320];
  FILE *file = fopen("/etc/sysctl.conf", "re");
  if (!file)
    return;
  while (fgets(line, sizeof line, file)) {
    char name[128], value[128];
    if (sscanf(line, " %127[a-z0-9_.-] = %127[^\n]", name, value) != 2)
      continue;
    for (char *dot = name; (dot = strchr(dot, '.'));)
      *dot = '/';
    snprintf(path, sizeof path, "/proc/sys/%s", name);
    int failure = write_setting(path, value);
    if (failure < 0)
      journal_trouble(journal, "sysctl %s: %s", name, strerror(-failure));
  }
  fclose(file);
}

void boot_settle(const struct journal *journal)
{
  char name[65] = "";
  FILE *file = fopen("/etc/hostname", "re");
  if (file && fscanf(file, "%64s", name) == 1 && sethostname(name, strlen(name)) < 0)
    journal_trouble(journal, "host name %s: %s", name, strerror(errno));
  if (file)
    fclose(file);
  delegate_controllers(journal);
  apply_sysctls(journal);
}
