/* systemctl status, and systemd's names for the states of init. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "client-systemctl.h"
#include "enabled.h"

/* systemd's own states, for each state of init. */
static const struct unit_state states[] = {
  {"running", "active", "running", "●", 0},       {"starting", "activating", "start", "●", 3},
  {"stopping", "deactivating", "stop-sigterm", "●", 3}, {"waiting", "activating", "auto-restart", "●", 3},
  {"failed", "failed", "Result: exit-code", "×", 3},    {"stopped", "inactive", "dead", "○", 3},
};

const struct unit_state *unit_state(const struct answer *answer)
{
  char state[32];
  int i = 0, last = (int)(sizeof states / sizeof *states) - 1;
  field(answer, "state", state, sizeof state);
  while (i < last && strcmp(states[i].state, state) != 0)
    i++;
  return &states[i];
}

const char *unit_name(const char *name, char *text, int size)
{
  snprintf(text, (size_t)size, "%s%s", name, strchr(name, '.') ? "" : ".service");
  return text;
}

/* "5min 3s" of a number of seconds, as systemd shortens it: the two largest units. */
static void ago(long long seconds, char *text, size_t size)
{
  if (seconds >= 86400)
    snprintf(text, size, "%lld day%s %lldh", seconds / 86400, seconds < 172800 ? "" : "s", seconds % 86400 / 3600);
  else if (seconds >= 3600)
    snprintf(text, size, "%lldh %lldmin", seconds / 3600, seconds % 3600 / 60);
  else if (seconds >= 60)
    snprintf(text, size, "%lldmin %llds", seconds / 60, seconds % 60);
  else
    snprintf(text, size, "%llds", seconds < 0 ? 0 : seconds);
}

static void print_since(const struct answer *answer)
{
  char value[32], when[64], age[64];
  long long since = atoll(field(answer, "since", value, sizeof value));
  time_t moment = (time_t)since;
  struct tm parts;
  gmtime_r(&moment, &parts);
  strftime(when, sizeof when, "%a %Y-%m-%d %H:%M:%S UTC", &parts);
  ago((long long)time(NULL) - since, age, sizeof age);
  printf(" since %s; %s ago", when, age);
}

static void print_process(const struct answer *answer, bool up)
{
  char pid[16], exec[512], end[32];
  field(answer, "exec", exec, sizeof exec);
  exec[strcspn(exec, " ")] = '\0';
  const char *program = strrchr(exec, '/') ? strrchr(exec, '/') + 1 : exec;
  field(answer, "end", end, sizeof end);
  if (up)
    printf("   Main PID: %s (%s)\n", field(answer, "pid", pid, sizeof pid), program);
  else if (strncmp(end, "exit ", 5) == 0)
    printf("    Process: ExecStart=%s (code=exited, status=%s)\n", exec, end + 5);
  else if (*end)
    printf("    Process: ExecStart=%s (code=killed, %s)\n", exec, end);
}

/* Prints the last ten lines of a log, as `systemctl status` does of the journal. */
static void print_log(const char *path)
{
  static char text[16384];
  struct stat status;
  int lines = 0;
  FILE *file = fopen(path, "re");
  if (!file)
    return;
  if (fstat(fileno(file), &status) == 0 && status.st_size >= (off_t)sizeof text)
    fseek(file, -(long)(sizeof text - 1), SEEK_END);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  char *from = text + length;
  while (from > text && (from == text + length || from[-1] != '\n' || ++lines < 10))
    from--;
  if (*from)
    printf("\n%s%s", from, text[length - 1] == '\n' ? "" : "\n");
}

int unit_status(const char *name)
{
  struct answer answer;
  char full[96], own[64], description[128], log[128];

  if (!ask(&answer, "status", name))
    return 1;
  if (!answer.ok) {
    fprintf(stderr, "Unit %s could not be found.\n", unit_name(name, full, sizeof full));
    return 4;
  }
  const struct unit_state *state = unit_state(&answer);
  field(&answer, "name", own, sizeof own);
  printf("%s %s - %s\n", state->dot, unit_name(own, full, sizeof full),
         field(&answer, "description", description, sizeof description));
  printf("     Loaded: loaded (" UNIT_TABLE "; %s; preset: enabled)\n", enabled(own) ? "enabled" : "disabled");
  printf("     Active: %s (%s)", state->active, state->detail);
  print_since(&answer);
  putchar('\n');
  print_process(&answer, is_up(&answer));
  print_log(field(&answer, "log", log, sizeof log));
  return state->status;
}
