#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "spawn.h"

/* A service that dies at once is tried again soon, then ever more rarely, but for ever. */
#define DELAY_FIRST_MS 250
#define DELAY_MOST_MS 30000
/* One that ran this long was well: its next death starts the back-off from the beginning. */
#define WELL_MS 10000
/* How often a starting service's socket is tried, and when we stop waiting for it. */
#define READY_EVERY_MS 50
#define READY_LIMIT_MS 60000
/* A service that does not end on SIGTERM is killed. dockerd itself gives containers ten seconds. */
#define STOP_LIMIT_MS 30000

int64_t now_ms(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void enter(struct service *service, enum service_state state, int64_t due)
{
  service->state = state;
  service->changed = (int64_t)time(NULL);
  service->due = due;
}

struct service *supervisor_add(struct supervisor *supervisor, const struct service_config *config)
{
  if (supervisor->count == SERVICES_MOST)
    return NULL;
  struct service *service = &supervisor->services[supervisor->count++];
  memset(service, 0, sizeof *service);
  service->config = *config;
  service->status = -1;
  service->delay = DELAY_FIRST_MS;
  enter(service, SERVICE_STOPPED, 0);
  return service;
}

struct service *supervisor_find(struct supervisor *supervisor, const char *name)
{
  for (int i = 0; i < supervisor->count; i++)
    if (table_names(&supervisor->services[i].config, name))
      return &supervisor->services[i];
  return NULL;
}

int supervisor_load(struct supervisor *supervisor, char *problem, int problem_size)
{
  static struct service_config configs[SERVICES_MOST];
  int count = table_read(supervisor->table, configs, SERVICES_MOST, problem, problem_size);
  if (count < 0)
    return -1;
  for (int i = 0; i < count; i++) {
    struct service *known = supervisor_find(supervisor, configs[i].name);
    if (known)
      known->config = configs[i];
    else if (!supervisor_add(supervisor, &configs[i])) {
      snprintf(problem, (size_t)problem_size, "more than %d services", SERVICES_MOST);
      return -1;
    }
  }
  return 0;
}

static bool answers(const char *path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return false;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  bool connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return connected;
}

/* Sends the service into its back-off, or leaves it when its policy says so. */
static void after_death(struct supervisor *supervisor, struct service *service, const char *how)
{
  const struct service_config *config = &service->config;
  bool clean = service->status == 0;

  if (config->restart == RESTART_NO || (config->restart == RESTART_ON_FAILURE && clean)) {
    enter(service, clean ? SERVICE_STOPPED : SERVICE_FAILED, 0);
    journal_note(&supervisor->journal, "%s ended: %s", config->name, how);
    return;
  }
  if (now_ms() - service->started >= WELL_MS)
    service->delay = DELAY_FIRST_MS;
  enter(service, SERVICE_WAITING, now_ms() + service->delay);
  journal_trouble(&supervisor->journal, "%s ended: %s; starting it again in %d ms", config->name, how, service->delay);
  service->delay = service->delay * 2 < DELAY_MOST_MS ? service->delay * 2 : DELAY_MOST_MS;
}

void service_start(struct supervisor *supervisor, struct service *service)
{
  if (service->state == SERVICE_STOPPING)
    service->restart = true;
  if (service->pid > 0)
    return;
  service->started = now_ms();
  pid_t pid = spawn(&service->config);
  if (pid < 0) {
    char how[160];
    snprintf(how, sizeof how, "cannot be executed: %s", strerror(-pid));
    service->status = 127 << 8; /* as if it had exited with 127, a shell's "not found" */
    after_death(supervisor, service, how);
    return;
  }
  service->pid = pid;
  if (service->config.ready[0] != '\0')
    enter(service, SERVICE_STARTING, now_ms() + READY_EVERY_MS);
  else
    enter(service, SERVICE_RUNNING, 0);
  journal_note(&supervisor->journal, "%s started, pid %d", service->config.name, (int)pid);
}

void service_stop(struct supervisor *supervisor, struct service *service)
{
  service->restart = false;
  service->delay = DELAY_FIRST_MS;
  if (service->state == SERVICE_STOPPING)
    return;
  if (service->pid == 0) {
    enter(service, SERVICE_STOPPED, 0);
    return;
  }
  journal_note(&supervisor->journal, "%s is told to end", service->config.name);
  /* An interactive shell ignores SIGTERM; it ends when its terminal is gone. */
  kill(service->pid, service->config.tty[0] != '\0' ? SIGHUP : SIGTERM);
  enter(service, SERVICE_STOPPING, now_ms() + STOP_LIMIT_MS);
}

void service_restart(struct supervisor *supervisor, struct service *service)
{
  service_stop(supervisor, service);
  if (service->pid > 0)
    service->restart = true;
  else
    service_start(supervisor, service);
}

bool service_settled(const struct service *service)
{
  return service->state != SERVICE_STARTING && service->state != SERVICE_STOPPING;
}

static void describe(int status, char *text, size_t size)
{
  if (WIFSIGNALED(status))
    snprintf(text, size, "killed by signal %d", WTERMSIG(status));
  else
    snprintf(text, size, "exit status %d", WEXITSTATUS(status));
}

static void ended(struct supervisor *supervisor, struct service *service, int status)
{
  char how[64];
  service->pid = 0;
  service->status = status;
  if (service->config.pidfile[0] != '\0')
    unlink(service->config.pidfile);
  describe(status, how, sizeof how);
  if (service->state != SERVICE_STOPPING) {
    after_death(supervisor, service, how);
    return;
  }
  enter(service, SERVICE_STOPPED, 0);
  journal_note(&supervisor->journal, "%s stopped: %s", service->config.name, how);
  if (service->restart) {
    service->restart = false;
    service_start(supervisor, service);
  }
}

void supervisor_reap(struct supervisor *supervisor)
{
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    for (int i = 0; i < supervisor->count; i++)
      if (supervisor->services[i].pid == pid) {
        ended(supervisor, &supervisor->services[i], status);
        break;
      }
  /* Logs grow only while something happens, and then processes end: no timer is needed for them. */
  for (int i = 0; i < supervisor->count; i++)
    if (supervisor->services[i].config.log[0] != '\0')
      journal_bound(supervisor->services[i].config.log);
}

static void look(struct supervisor *supervisor, struct service *service, int64_t now)
{
  switch (service->state) {
  case SERVICE_WAITING:
    service->restarts++;
    service_start(supervisor, service);
    break;
  case SERVICE_STARTING:
    if (answers(service->config.ready)) {
      enter(service, SERVICE_RUNNING, 0);
    } else if (now - service->started >= READY_LIMIT_MS) {
      journal_trouble(&supervisor->journal, "%s does not answer on %s", service->config.name, service->config.ready);
      enter(service, SERVICE_RUNNING, 0);
    } else {
      service->due = now + READY_EVERY_MS;
    }
    break;
  case SERVICE_STOPPING:
    journal_trouble(&supervisor->journal, "%s does not end and is killed", service->config.name);
    kill(service->pid, SIGKILL);
    service->due = 0;
    break;
  case SERVICE_STOPPED:
  case SERVICE_RUNNING:
  case SERVICE_FAILED:
    service->due = 0;
    break;
  }
}

int supervisor_tick(struct supervisor *supervisor)
{
  int64_t now = now_ms(), next = 0;
  for (int i = 0; i < supervisor->count; i++) {
    struct service *service = &supervisor->services[i];
    if (service->due != 0 && service->due <= now)
      look(supervisor, service, now);
    if (service->due != 0 && (next == 0 || service->due < next))
      next = service->due;
  }
  if (next == 0)
    return -1;
  return next <= now ? 0 : (int)(next - now);
}
