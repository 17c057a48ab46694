/* service(8) with the wording of Debian's LSB functions and of the init script in its docker.io package. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "client.h"

#define USAGE "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]"

/* The names that a script would print: "Docker" and "docker" for the daemon, whatever it was called by. */
struct names {
  char base[64];
  char title[64];
};

static void name_service(const struct answer *answer, struct names *names)
{
  field(answer, "name", names->base, sizeof names->base);
  snprintf(names->title, sizeof names->title, "%s", names->base);
  names->title[0] = (char)toupper((unsigned char)names->title[0]);
}

static int end_message(bool good)
{
  puts(good ? "." : " failed!");
  return good ? 0 : 1;
}

static int start(const char *service, const struct names *names)
{
  struct answer answer;
  printf("Starting %s: %s", names->title, names->base);
  fflush(stdout);
  return end_message(ask(&answer, "start", service) && answer.ok && is_up(&answer));
}

static int stop(const char *service, const struct names *names)
{
  struct answer answer;
  printf("Stopping %s: %s", names->title, names->base);
  fflush(stdout);
  return end_message(ask(&answer, "stop", service) && answer.ok && !is_up(&answer));
}

static int status_all(void)
{
  struct answer answer;
  if (!ask(&answer, "list", ""))
    return 1;
  for (char *line = strtok(answer.fields, "\n"); line; line = strtok(NULL, "\n")) {
    char *equals = strchr(line, '=');
    if (!equals)
      continue;
    *equals = '\0';
    printf(" [ %c ]  %s\n", strcmp(equals + 1, "running") == 0 ? '+' : '-', line);
  }
  return 0;
}

static int run(const char *service, const char *command, const struct answer *status, const struct names *names)
{
  char pidfile[128];
  bool up = is_up(status);

  if (strcmp(command, "start") == 0)
    return start(service, names);
  if (strcmp(command, "stop") == 0) {
    struct answer answer;
    if (up)
      return stop(service, names);
    /* It may still be in its back-off, and must not come back after this. */
    ask(&answer, "stop", service);
    printf("%s already stopped - file %s not found. ... (warning).\n", names->title,
           field(status, "pidfile", pidfile, sizeof pidfile));
    return 0;
  }
  if (strcmp(command, "restart") == 0 || strcmp(command, "force-reload") == 0 ||
      strcmp(command, "--full-restart") == 0) {
    if (up && stop(service, names) != 0)
      return 1;
    return start(service, names);
  }
  if (strcmp(command, "reload") == 0) {
    struct answer answer;
    printf("Reloading %s: %s", names->title, names->base);
    return end_message(ask(&answer, "reload", service) && answer.ok);
  }
  if (strcmp(command, "status") == 0) {
    printf("%s is %s\n", names->title, up ? "running." : "not running ... failed!");
    return up ? 0 : 3;
  }
  printf("Usage: service %s {start|stop|restart|reload|status}\n", names->base);
  return 1;
}

int service_command(int argc, char **argv)
{
  struct answer status;
  struct names names;

  if (argc == 2 && strcmp(argv[1], "--status-all") == 0)
    return status_all();
  if (argc < 2 || argv[1][0] == '-') {
    fprintf(stderr, USAGE "\n");
    return 1;
  }
  if (!ask(&status, "status", argv[1]))
    return 1;
  if (!status.ok) {
    fprintf(stderr, "%s: unrecognized service\n", argv[1]);
    return 1;
  }
  name_service(&status, &names);
  return run(argv[1], argc > 2 ? argv[2] : "", &status, &names);
}
