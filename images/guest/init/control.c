#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const state_names[] = {
  [SERVICE_STOPPED] = "stopped",   [SERVICE_STARTING] = "starting", [SERVICE_RUNNING] = "running",
  [SERVICE_STOPPING] = "stopping", [SERVICE_WAITING] = "waiting",   [SERVICE_FAILED] = "failed",
};

int control_open(struct control *control, const char *path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};

  memset(control, 0, sizeof *control);
  for (int i = 0; i < CALLERS_MOST; i++)
    control->callers[i].fd = -1;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  unlink(path);
  control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (control->fd < 0)
    return -errno;
  if (bind(control->fd, (struct sockaddr *)&address, sizeof address) < 0 || chmod(path, 0600) < 0 ||
      listen(control->fd, CALLERS_MOST) < 0)
    return -errno;
  return 0;
}

int control_polls(const struct control *control, struct pollfd *polls)
{
  int count = 0;
  polls[count++] = (struct pollfd){.fd = control->fd, .events = POLLIN};
  for (int i = 0; i < CALLERS_MOST; i++)
    if (control->callers[i].fd >= 0)
      polls[count++] = (struct pollfd){.fd = control->callers[i].fd, .events = POLLIN};
  return count;
}

static void hang_up(struct caller *caller)
{
  close(caller->fd);
  caller->fd = -1;
  caller->waiting = NULL;
}

static void reply(struct caller *caller, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends the whole answer and hangs up. An answer is small and the socket's buffer empty, so it fits. */
static void reply(struct caller *caller, const char *format, ...)
{
  char text[4096];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length >= (int)sizeof text)
    length = (int)sizeof text - 1;
  send(caller->fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
  hang_up(caller);
}

static void reply_status(struct caller *caller, const struct service *service)
{
  const struct service_config *config = &service->config;
  char end[32] = "";
  if (service->status >= 0 && WIFSIGNALED(service->status))
    snprintf(end, sizeof end, "signal %d", WTERMSIG(service->status));
  else if (service->status >= 0)
    snprintf(end, sizeof end, "exit %d", WEXITSTATUS(service->status));
  reply(caller,
        "ok\nname=%s\nalias=%s\ndescription=%s\nstate=%s\npid=%d\nsince=%lld\nend=%s\nrestarts=%u\nlog=%s\n"
        "pidfile=%s\nexec=%s\nreload=%d\n",
        config->name, config->alias, config->description, state_names[service->state], (int)service->pid,
        (long long)service->changed, end, service->restarts, config->log, config->pidfile, config->exec,
        config->reload);
}

static void reply_list(struct caller *caller, const struct supervisor *supervisor)
{
  char text[2048];
  size_t length = 0;
  for (int i = 0; i < supervisor->count; i++) {
    const struct service *service = &supervisor->services[i];
    length += (size_t)snprintf(text + length, sizeof text - length, "%s=%s\n", service->config.name,
                               state_names[service->state]);
    if (length >= sizeof text)
      break;
  }
  reply(caller, "ok\n%s", length > 0 ? text : "");
}

static void reload(struct caller *caller, const struct service *service)
{
  if (service->config.reload == 0)
    reply(caller, "error unsupported %s cannot be reloaded\n", service->config.name);
  else if (service->pid == 0)
    reply(caller, "error inactive %s does not run\n", service->config.name);
  else if (kill(service->pid, service->config.reload) < 0)
    reply(caller, "error failed %s: %s\n", service->config.name, strerror(errno));
  else
    reply(caller, "ok\n");
}

static void do_with_service(struct caller *caller, struct supervisor *supervisor, const char *verb, const char *name)
{
  struct service *service = supervisor_find(supervisor, name);
  if (!service) {
    reply(caller, "error unknown %s\n", name);
  } else if (strcmp(verb, "status") == 0) {
    reply_status(caller, service);
  } else if (strcmp(verb, "reload") == 0) {
    reload(caller, service);
  } else {
    caller->waiting = service;
    if (strcmp(verb, "start") == 0)
      service_start(supervisor, service);
    else if (strcmp(verb, "stop") == 0)
      service_stop(supervisor, service);
    else
      service_restart(supervisor, service);
  }
}

static int shutdown_command(const char *verb)
{
  if (strcmp(verb, "poweroff") == 0)
    return RB_POWER_OFF;
  if (strcmp(verb, "reboot") == 0)
    return RB_AUTOBOOT;
  return strcmp(verb, "halt") == 0 ? (int)RB_HALT_SYSTEM : 0;
}

static bool is_service_verb(const char *verb)
{
  static const char *const verbs[] = {"start", "stop", "restart", "reload", "status"};
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verb, verbs[i]) == 0)
      return true;
  return false;
}

static void carry_out(struct control *control, struct supervisor *supervisor, struct caller *caller)
{
  char problem[256], *verb = caller->request, *name = strchr(verb, ' ');
  if (name)
    *name++ = '\0';

  if (name && is_service_verb(verb)) {
    do_with_service(caller, supervisor, verb, name);
  } else if (strcmp(verb, "list") == 0) {
    reply_list(caller, supervisor);
  } else if (strcmp(verb, "daemon-reload") == 0) {
    if (supervisor_load(supervisor, problem, sizeof problem) < 0)
      reply(caller, "error failed %s\n", problem);
    else
      reply(caller, "ok\n");
  } else if (shutdown_command(verb) != 0) {
    control->shutdown = shutdown_command(verb);
    reply(caller, "ok\n");
  } else {
    reply(caller, "error invalid %s\n", verb);
  }
}

static void accept_caller(struct control *control)
{
  int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0)
    return;
  for (int i = 0; i < CALLERS_MOST; i++) {
    struct caller *caller = &control->callers[i];
    if (caller->fd >= 0)
      continue;
    *caller = (struct caller){.fd = fd};
    return;
  }
  close(fd);
}

static void read_caller(struct control *control, struct supervisor *supervisor, struct caller *caller)
{
  int room = (int)sizeof caller->request - 1 - caller->length;
  ssize_t length = read(caller->fd, caller->request + caller->length, (size_t)room);
  if (length < 0 && errno == EAGAIN)
    return;
  if (length <= 0) { /* gave up, also while it waited */
    hang_up(caller);
    return;
  }
  if (caller->waiting)
    return;
  caller->length += (int)length;
  caller->request[caller->length] = '\0';
  char *end = strchr(caller->request, '\n');
  if (end) {
    *end = '\0';
    carry_out(control, supervisor, caller);
  } else if (caller->length == (int)sizeof caller->request - 1) {
    reply(caller, "error invalid request too long\n");
  }
}

void control_serve(struct control *control, struct supervisor *supervisor, const struct pollfd *polls, int count)
{
  for (int i = 1; i < count; i++)
    for (int slot = 0; polls[i].revents != 0 && slot < CALLERS_MOST; slot++)
      if (control->callers[slot].fd == polls[i].fd) {
        read_caller(control, supervisor, &control->callers[slot]);
        break;
      }
  if (polls[0].revents != 0)
    accept_caller(control);
}

void control_settle(struct control *control)
{
  for (int i = 0; i < CALLERS_MOST; i++) {
    struct caller *caller = &control->callers[i];
    if (caller->fd >= 0 && caller->waiting && service_settled(caller->waiting))
      reply_status(caller, caller->waiting);
  }
}
