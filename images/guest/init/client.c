#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"

/* Connects and sends. Returns the socket or -1. */
static int call(const char *verb, const char *name)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = CONTROL_SOCKET};
  char request[160];
  int length = snprintf(request, sizeof request, "%s%s%s\n", verb, *name ? " " : "", name);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && length < (int)sizeof request && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
      write(fd, request, (size_t)length) == length)
    return fd;
  if (fd >= 0)
    close(fd);
  return -1;
}

bool ask(struct answer *answer, const char *verb, const char *name)
{
  size_t length = 0;
  ssize_t more;
  int fd = call(verb, name);

  memset(answer, 0, sizeof *answer);
  while (fd >= 0 && (more = read(fd, answer->text + length, sizeof answer->text - 1 - length)) > 0)
    length += (size_t)more;
  if (fd >= 0)
    close(fd);
  if (length == 0) {
    fprintf(stderr, "init does not answer on %s: %s\n", CONTROL_SOCKET, errno ? strerror(errno) : "no reply");
    return false;
  }
  answer->fields = strchr(answer->text, '\n');
  if (answer->fields)
    *answer->fields++ = '\0';
  else
    answer->fields = answer->text + length;
  answer->ok = strcmp(answer->text, "ok") == 0;
  answer->kind = answer->message = "";
  if (!answer->ok) {
    char *words = answer->text + strcspn(answer->text, " "), *space;
    answer->kind = *words ? words + 1 : words;
    space = strchr(answer->kind, ' ');
    if (space) {
      *space = '\0';
      answer->message = space + 1;
    }
  }
  return true;
}

const char *field(const struct answer *answer, const char *key, char *value, int size)
{
  size_t length = strlen(key);
  *value = '\0';
  for (const char *line = answer->fields; *line; line += strcspn(line, "\n"), line += *line == '\n')
    if (strncmp(line, key, length) == 0 && line[length] == '=') {
      snprintf(value, (size_t)size, "%.*s", (int)strcspn(line + length + 1, "\n"), line + length + 1);
      break;
    }
  return value;
}

bool is_up(const struct answer *answer)
{
  char state[32];
  field(answer, "state", state, sizeof state);
  return strcmp(state, "running") == 0 || strcmp(state, "starting") == 0;
}
