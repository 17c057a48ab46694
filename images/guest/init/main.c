/*
 * init: process 1 of the guest, and by its other names the commands service and systemctl.
 *
 * As process 1 it runs twice: from the initramfs it moves to a root of its own and executes itself again
 * (drydock_stage=2), then it mounts what a Linux host has and supervises services until it is told to stop.
 * drydock_stage=3 leaves the mounts out: for tests, in namespaces of another host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boot.h"
#include "client.h"
#include "control.h"
#include "enabled.h"
#include "network.h"
#include "supervise.h"

#define SELF "/sbin/init"
#define TABLE "/etc/drydock/services"
/* How long services, and then everything else, may take to end at shutdown. */
#define SHUTDOWN_LIMIT_MS 15000
#define REST_LIMIT_MS 2000

/* Signals that ask for a shutdown: busybox's halt, poweroff and reboot send the first three to process 1. */
static int shutdown_of_signal(int number)
{
  switch (number) {
  case SIGUSR1:
    return (int)RB_HALT_SYSTEM;
  case SIGUSR2:
    return RB_POWER_OFF;
  case SIGTERM:
  case SIGINT:
    return RB_AUTOBOOT;
  default:
    return 0;
  }
}

static int open_signals(void)
{
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGUSR2);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Takes what signals have come. Returns the shutdown that one asked for, or 0. */
static int take_signals(int fd, struct supervisor *supervisor)
{
  struct signalfd_siginfo info;
  int shutdown = 0;
  while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
    int asked = shutdown_of_signal((int)info.ssi_signo);
    if (asked != 0)
      shutdown = asked;
  }
  supervisor_reap(supervisor);
  return shutdown;
}

/* Serves until a shutdown is asked for, and returns which. */
static int serve(int signals, struct supervisor *supervisor, struct control *control)
{
  struct pollfd polls[2 + CALLERS_MOST];
  for (;;) {
    polls[0] = (struct pollfd){.fd = signals, .events = POLLIN};
    /* What has become due may be what a caller waits for: it is answered before we sleep. */
    int timeout = supervisor_tick(supervisor);
    control_settle(control);
    int count = control_polls(control, polls + 1);
    if (poll(polls, (nfds_t)count + 1, timeout) > 0) {
      int shutdown = polls[0].revents != 0 ? take_signals(signals, supervisor) : 0;
      control_serve(control, supervisor, polls + 1, count);
      if (shutdown != 0 || control->shutdown != 0)
        return shutdown != 0 ? shutdown : control->shutdown;
    }
  }
}

static bool all_stopped(const struct supervisor *supervisor)
{
  for (int i = 0; i < supervisor->count; i++)
    if (supervisor->services[i].pid > 0)
      return false;
  return true;
}

static void stop_everything(int signals, struct supervisor *supervisor)
{
  int64_t limit = now_ms() + SHUTDOWN_LIMIT_MS;
  struct pollfd poll_signals = {.fd = signals, .events = POLLIN};

  for (int i = supervisor->count - 1; i >= 0; i--)
    service_stop(supervisor, &supervisor->services[i]);
  while (!all_stopped(supervisor) && now_ms() < limit) {
    poll(&poll_signals, 1, 100);
    take_signals(signals, supervisor);
  }
  kill(-1, SIGTERM);
  for (limit = now_ms() + REST_LIMIT_MS; now_ms() < limit && waitpid(-1, NULL, WNOHANG) >= 0;)
    poll(NULL, 0, 50);
  kill(-1, SIGKILL);
  sync();
}

/* A shell on a terminal, when the kernel's command line has drydock.console=NAME. */
static void add_console(struct supervisor *supervisor)
{
  struct service_config config = {.name = "console", .description = "Console shell", .exec = "/bin/bash -l"};
  char name[32];
  if (!boot_option("drydock.console", name, sizeof name))
    return;
  snprintf(config.tty, sizeof config.tty, "/dev/%s", name);
  struct service *console = supervisor_add(supervisor, &config);
  if (console)
    service_start(supervisor, console);
}

static _Noreturn void init(struct journal journal)
{
  static struct supervisor supervisor;
  static struct control control;
  char problem[256];
  int signals = open_signals();

  supervisor.journal = journal;
  supervisor.table = TABLE;
  int failure = control_open(&control, CONTROL_SOCKET);
  if (failure < 0)
    journal_trouble(&journal, CONTROL_SOCKET ": %s", strerror(-failure));
  if (supervisor_load(&supervisor, problem, sizeof problem) < 0)
    journal_trouble(&journal, "%s", problem);
  for (int i = 0; i < supervisor.count; i++)
    if (enabled(supervisor.services[i].config.name))
      service_start(&supervisor, &supervisor.services[i]);
  add_console(&supervisor);

  int shutdown = serve(signals, &supervisor, &control);
  journal_note(&journal, "shutting down");
  stop_everything(signals, &supervisor);
  reboot(shutdown);
  /* Only a kernel without that call comes back; process 1 must not end. */
  for (;;)
    pause();
}

static _Noreturn void run_init(void)
{
  const char *stage = getenv("drydock_stage");
  struct journal journal = {.path = "/var/log/boot.log", .kernel = true};

  if (!stage) {
    int failure = boot_leave_initramfs(SELF);
    fprintf(stderr, "init: cannot leave the initramfs: %s\n", strerror(-failure));
    for (;;)
      pause();
  }
  if (strcmp(stage, "3") == 0) {
    journal.kernel = false;
  } else {
    boot_mount();
    boot_settle(&journal);
    network_up(&journal);
  }
  init(journal);
}

int main(int argc, char **argv)
{
  const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
  if (strcmp(name, "service") == 0)
    return service_command(argc, argv);
  if (strcmp(name, "systemctl") == 0)
    return systemctl_command(argc, argv);
  if (getpid() == 1)
    run_init();
  fprintf(stderr, "%s: this is process 1 of the guest, or service or systemctl by its name\n", argv[0]);
  return 1;
}
