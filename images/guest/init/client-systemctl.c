/* systemctl(1): the part that people use with Docker, with systemd's wording and exit statuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client-systemctl.h"
#include "enabled.h"

/* start, stop and restart: silent when all is well. */
static int job(const char *verb, const char *name)
{
  struct answer answer;
  char full[96];
  bool stopping = strcmp(verb, "stop") == 0;

  if (!ask(&answer, verb, name))
    return 1;
  unit_name(name, full, sizeof full);
  if (!answer.ok && strcmp(answer.kind, "unknown") == 0) {
    fprintf(stderr, "Failed to %s %s: Unit %s not %s.\n", verb, full, full, stopping ? "loaded" : "found");
    return 5;
  }
  if (is_up(&answer) != stopping)
    return 0;
  fprintf(stderr,
          "Job for %s failed because the control process exited with error code.\n"
          "See \"systemctl status %s\" for details.\n",
          full, full);
  return 1;
}

static int reload(const char *name)
{
  struct answer answer;
  char full[96];

  if (!ask(&answer, "reload", name))
    return 1;
  if (answer.ok)
    return 0;
  unit_name(name, full, sizeof full);
  if (strcmp(answer.kind, "unknown") == 0) {
    fprintf(stderr, "Failed to reload %s: Unit %s not found.\n", full, full);
    return 5;
  }
  if (strcmp(answer.kind, "inactive") == 0)
    fprintf(stderr, "%s is not active, cannot reload.\n", full);
  else
    fprintf(stderr, "Failed to reload %s: Job type reload is not applicable for unit %s.\n", full, full);
  return 1;
}

static int is_active(const char *name)
{
  struct answer answer;
  if (!ask(&answer, "status", name))
    return 1;
  if (!answer.ok) {
    puts("inactive");
    return 4;
  }
  puts(unit_state(&answer)->active);
  return unit_state(&answer)->status;
}

static int is_failed(const char *name)
{
  struct answer answer;
  bool known = ask(&answer, "status", name) && answer.ok;
  const char *active = known ? unit_state(&answer)->active : "inactive";
  puts(active);
  return strcmp(active, "failed") == 0 ? 0 : 1;
}

/* enable, disable and is-enabled. */
static int enablement(const char *verb, const char *name)
{
  struct answer answer;
  char own[64], full[96];

  if (!ask(&answer, "status", name))
    return 1;
  if (!answer.ok) {
    unit_name(name, full, sizeof full);
    if (strcmp(verb, "is-enabled") == 0)
      fprintf(stderr, "Failed to get unit file state for %s: No such file or directory\n", full);
    else
      fprintf(stderr, "Failed to %s unit: Unit file %s does not exist.\n", verb, full);
    return 1;
  }
  field(&answer, "name", own, sizeof own);
  if (strcmp(verb, "is-enabled") == 0) {
    puts(enabled(own) ? "enabled" : "disabled");
    return enabled(own) ? 0 : 1;
  }
  if (set_enabled(own, strcmp(verb, "enable") == 0, UNIT_TABLE) == 0)
    return 0;
  fprintf(stderr, "Failed to %s unit: %s\n", verb, strerror(errno));
  return 1;
}

/* Prints the part of the table that describes the service. */
static int cat(const char *name)
{
  struct answer answer;
  char own[64], full[96], heading[80], line[1024];
  bool inside = false;

  if (!ask(&answer, "status", name))
    return 1;
  if (!answer.ok) {
    fprintf(stderr, "No files found for %s.\n", unit_name(name, full, sizeof full));
    return 1;
  }
  FILE *file = fopen(UNIT_TABLE, "re");
  if (!file)
    return 1;
  snprintf(heading, sizeof heading, "[%s]\n", field(&answer, "name", own, sizeof own));
  puts("# " UNIT_TABLE);
  while (fgets(line, sizeof line, file)) {
    if (*line == '[')
      inside = strcmp(line, heading) == 0;
    if (inside && *line != '\n')
      fputs(line, stdout);
  }
  fclose(file);
  return 0;
}

static int list_units(void)
{
  struct answer answer, one;
  char description[128], full[96];
  int count = 0;

  if (!ask(&answer, "list", ""))
    return 1;
  printf("  %-20s %-6s %-12s %-12s %s\n", "UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION");
  for (char *line = strtok(answer.fields, "\n"); line; line = strtok(NULL, "\n")) {
    line[strcspn(line, "=")] = '\0';
    if (!ask(&one, "status", line) || !one.ok)
      continue;
    const struct unit_state *state = unit_state(&one);
    printf("  %-20s %-6s %-12s %-12s %s\n", unit_name(line, full, sizeof full), "loaded", state->active,
           state->detail, field(&one, "description", description, sizeof description));
    count++;
  }
  printf("\n%d loaded units listed.\n", count);
  return 0;
}

/* Commands that name no unit; -1 when verb is none of them. */
static int command_of_system(const char *verb)
{
  static const char *const requests[] = {"daemon-reload", "poweroff", "reboot", "halt"};
  struct answer answer;

  if (strcmp(verb, "list-units") == 0)
    return list_units();
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    if (strcmp(verb, requests[i]) != 0)
      continue;
    if (!ask(&answer, verb, ""))
      return 1;
    if (!answer.ok)
      fprintf(stderr, "Failed to %s: %s\n", verb, answer.message);
    return answer.ok ? 0 : 1;
  }
  return -1;
}

static int command_of_unit(const char *verb, const char *name, bool now)
{
  if (strcmp(verb, "status") == 0)
    return unit_status(name);
  if (strcmp(verb, "start") == 0 || strcmp(verb, "stop") == 0 || strcmp(verb, "restart") == 0)
    return job(verb, name);
  if (strcmp(verb, "reload") == 0)
    return reload(name);
  if (strcmp(verb, "is-active") == 0)
    return is_active(name);
  if (strcmp(verb, "is-failed") == 0)
    return is_failed(name);
  if (strcmp(verb, "cat") == 0)
    return cat(name);
  if (strcmp(verb, "is-enabled") == 0 || strcmp(verb, "enable") == 0 || strcmp(verb, "disable") == 0) {
    int failure = enablement(verb, name);
    return failure || !now ? failure : job(*verb == 'e' ? "start" : "stop", name);
  }
  fprintf(stderr, "Unknown command verb %s.\n", verb);
  return 1;
}

int systemctl_command(int argc, char **argv)
{
  const char *words[16];
  int count = 0, worst = 0, result;
  bool now = false;

  for (int i = 1; i < argc && count < 16; i++) {
    if (strcmp(argv[i], "--now") == 0)
      now = true;
    else if (argv[i][0] != '-') /* --no-pager, -l and their like change nothing here */
      words[count++] = argv[i];
  }
  if (count == 0)
    return list_units();
  if ((result = command_of_system(words[0])) >= 0)
    return result;
  if (count == 1) {
    fprintf(stderr, "Too few arguments.\n");
    return 1;
  }
  for (int i = 1; i < count; i++)
    if ((result = command_of_unit(words[0], words[i], now)) > worst)
      worst = result;
  return worst;
}
