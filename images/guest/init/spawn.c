#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void default_signals(void)
{
  sigset_t none;
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Opens what the service reads and writes. Returns 0 or a negated errno. */
static int open_files(const struct service_config *config)
{
  if (config->tty[0] != '\0') {
    int tty = open(config->tty, O_RDWR);
    if (tty < 0)
      return -errno;
    ioctl(tty, TIOCSCTTY, 1);
    for (int fd = 0; fd <= 2; fd++)
      dup2(tty, fd);
    if (tty > 2)
      close(tty);
    return 0;
  }
  const char *log = config->log[0] != '\0' ? config->log : "/dev/null";
  int input = open("/dev/null", O_RDONLY), output = open(log, O_WRONLY | O_CREAT | O_APPEND, 0640);
  if (input < 0 || output < 0)
    return -errno;
  dup2(input, 0);
  dup2(output, 1);
  dup2(output, 2);
  if (input > 2)
    close(input);
  if (output > 2)
    close(output);
  return 0;
}

static void set_limits(const struct service_config *config)
{
  struct rlimit files = {config->files ? config->files : 1024, 1048576};
  struct rlimit core = {0, RLIM_INFINITY};
  char score[16];

  setrlimit(RLIMIT_NOFILE, &files);
  setrlimit(RLIMIT_CORE, &core);
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  int length = snprintf(score, sizeof score, "%d", config->oom);
  if (write(fd, score, (size_t)length) < 0) {
    /* the score is a wish: without it the service still runs */
  }
  close(fd);
}

/* In the child: becomes the service. Returns a negated errno only when that failed. */
static int become(const struct service_config *config)
{
  static struct command command;
  int failure;

  if (table_command(config, &command) < 0)
    return -EINVAL;
  default_signals();
  setsid();
  umask(022);
  if (chdir("/") < 0)
    return -errno;
  if ((failure = open_files(config)) < 0)
    return failure;
  set_limits(config);
  execve(command.argv[0], command.argv, command.envp);
  return -errno;
}

static void write_pidfile(const struct service_config *config, pid_t pid)
{
  if (config->pidfile[0] == '\0')
    return;
  FILE *file = fopen(config->pidfile, "we");
  if (!file)
    return;
  fprintf(file, "%d\n", (int)pid);
  fclose(file);
}

pid_t spawn(const struct service_config *config)
{
  int report[2], failure = 0;
  if (pipe2(report, O_CLOEXEC) < 0)
    return -errno;
  pid_t pid = fork();
  if (pid < 0) {
    failure = -errno;
    close(report[0]);
    close(report[1]);
    return failure;
  }
  if (pid == 0) {
    failure = become(config);
    if (write(report[1], &failure, sizeof failure) < 0)
      _exit(126);
    _exit(127);
  }
  /* A successful execve closes the pipe unwritten. */
  close(report[1]);
  ssize_t length;
  do
    length = read(report[0], &failure, sizeof failure);
  while (length < 0 && errno == EINTR);
  close(report[0]);
  if (length > 0) {
    waitpid(pid, NULL, 0);
    return failure;
  }
  write_pidfile(config, pid);
  return pid;
}
