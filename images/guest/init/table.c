#include "table.h"

#include <ctype.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text_key {
  const char *name;
  size_t offset, size;
};

#define TEXT_KEY(field) {#field, offsetof(struct service_config, field), sizeof(((struct service_config *)0)->field)}

static const struct text_key text_keys[] = {
  TEXT_KEY(alias), TEXT_KEY(description), TEXT_KEY(exec),  TEXT_KEY(environment),
  TEXT_KEY(pidfile), TEXT_KEY(log),       TEXT_KEY(ready), TEXT_KEY(tty),
};

static char *trim(char *text)
{
  while (isspace((unsigned char)*text))
    text++;
  size_t length = strlen(text);
  while (length > 0 && isspace((unsigned char)text[length - 1]))
    text[--length] = '\0';
  return text;
}

static bool set_restart(struct service_config *config, const char *value)
{
  static const char *const names[] = {"always", "on-failure", "no"};
  for (int policy = RESTART_ALWAYS; policy <= RESTART_NO; policy++)
    if (strcmp(value, names[policy]) == 0) {
      config->restart = (enum restart_policy)policy;
      return true;
    }
  return false;
}

static bool set_number(const char *value, long lowest, long highest, long *number)
{
  char *end;
  *number = strtol(value, &end, 10);
  return *value != '\0' && *end == '\0' && *number >= lowest && *number <= highest;
}

/* Sets one key. Returns false when the key is unknown or its value is not one. */
static bool set_key(struct service_config *config, const char *key, const char *value)
{
  long number;
  for (size_t i = 0; i < sizeof text_keys / sizeof *text_keys; i++) {
    const struct text_key *known = &text_keys[i];
    if (strcmp(key, known->name) == 0)
      return (size_t)snprintf((char *)config + known->offset, known->size, "%s", value) < known->size;
  }
  if (strcmp(key, "restart") == 0)
    return set_restart(config, value);
  if (strcmp(key, "oom") == 0 && set_number(value, -1000, 1000, &number)) {
    config->oom = (int)number;
    return true;
  }
  if (strcmp(key, "files") == 0 && set_number(value, 1, 1048576, &number)) {
    config->files = (unsigned)number;
    return true;
  }
  if (strcmp(key, "reload") == 0 && strcmp(value, "HUP") == 0) {
    config->reload = SIGHUP;
    return true;
  }
  return false;
}

/* Takes one line without its comment. Returns false when it makes no sense. */
static bool take_line(char *line, struct service_config *configs, int capacity, int *count)
{
  if (*line == '[') {
    size_t length = strlen(line);
    if (*count == capacity || length < 3 || line[length - 1] != ']' || length - 2 >= sizeof configs->name)
      return false;
    struct service_config *config = &configs[(*count)++];
    memset(config, 0, sizeof *config);
    memcpy(config->name, line + 1, length - 2);
    return true;
  }
  char *value = line + strcspn(line, " \t");
  if (*value != '\0')
    *value++ = '\0';
  return *count > 0 && set_key(&configs[*count - 1], line, trim(value));
}

int table_read(const char *path, struct service_config *configs, int capacity, char *problem, int problem_size)
{
  char line[TABLE_LINE];
  int count = 0, number = 0;
  FILE *file = fopen(path, "re");

  if (!file) {
    snprintf(problem, (size_t)problem_size, "%s cannot be read", path);
    return -1;
  }
  while (fgets(line, sizeof line, file)) {
    char *text = trim(line);
    number++;
    if (*text == '\0' || *text == '#')
      continue;
    if (!take_line(text, configs, capacity, &count)) {
      snprintf(problem, (size_t)problem_size, "%s line %d makes no sense", path, number);
      fclose(file);
      return -1;
    }
  }
  fclose(file);
  return count;
}

static bool is_word_of(const char *word, size_t length, const char *list)
{
  while (*list != '\0') {
    size_t size = strcspn(list, " ");
    if (size == length && strncmp(word, list, length) == 0)
      return true;
    list += size + (list[size] == ' ');
  }
  return false;
}

bool table_names(const struct service_config *config, const char *name)
{
  const char *suffix = strstr(name, ".service");
  size_t length = suffix && suffix[8] == '\0' ? (size_t)(suffix - name) : strlen(name);
  return is_word_of(name, length, config->name) || is_word_of(name, length, config->alias);
}

/* Appends a string to the block of a command; NULL when it is full. */
static char *keep(struct command *command, size_t *used, const char *text, size_t length)
{
  if (*used + length + 1 > sizeof command->text)
    return NULL;
  char *copy = command->text + *used;
  memcpy(copy, text, length);
  copy[length] = '\0';
  *used += length + 1;
  return copy;
}

/* Reads NAME=value, NAME="value" and NAME='value' lines, with or without `export`, as a shell would source them. */
static int read_environment(const char *path, struct command *command, size_t *used, int count)
{
  char line[TABLE_LINE];
  FILE *file = fopen(path, "re");
  if (!file)
    return count;
  while (count < TABLE_WORDS - 1 && fgets(line, sizeof line, file)) {
    char *text = trim(line), *equals = strchr(text, '=');
    if (*text == '#' || !equals)
      continue;
    if (strncmp(text, "export ", 7) == 0)
      text = trim(text + 7);
    char *value = equals + 1, *end;
    if ((*value == '"' || *value == '\'') && (end = strchr(value + 1, *value)) != NULL) {
      *end = '\0';
      memmove(value, value + 1, strlen(value + 1) + 1);
    }
    char *entry = keep(command, used, text, strlen(text));
    if (!entry)
      break;
    command->envp[count++] = entry;
  }
  fclose(file);
  return count;
}

static const char *variable(const struct command *command, const char *name)
{
  size_t length = strlen(name);
  const char *found = "";
  for (char *const *entry = command->envp; *entry; entry++)
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
      found = *entry + length + 1;
  return found;
}

/* Splits text at blanks into argv. Returns the new count, or -1 when it does not fit. */
static int split(struct command *command, size_t *used, const char *text, int count)
{
  while (*(text += strspn(text, " \t")) != '\0') {
    size_t length = strcspn(text, " \t");
    char *word = count < TABLE_WORDS - 1 ? keep(command, used, text, length) : NULL;
    if (!word)
      return -1;
    command->argv[count++] = word;
    text += length;
  }
  return count;
}

int table_command(const struct service_config *config, struct command *command)
{
  static const char *const base[] = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "USER=root"};
  size_t used = 0;
  int variables = 0, words = 0;

  memset(command, 0, sizeof *command);
  for (size_t i = 0; i < sizeof base / sizeof *base; i++)
    command->envp[variables++] = keep(command, &used, base[i], strlen(base[i]));
  if (config->tty[0] != '\0')
    command->envp[variables++] = keep(command, &used, "TERM=linux", 10);
  if (config->environment[0] != '\0')
    read_environment(config->environment, command, &used, variables);

  for (const char *text = config->exec; words >= 0 && *(text += strspn(text, " \t")) != '\0';) {
    char word[sizeof config->exec];
    size_t length = strcspn(text, " \t");
    memcpy(word, text, length);
    word[length] = '\0';
    words = split(command, &used, *word == '$' ? variable(command, word + 1) : word, words);
    text += length;
  }
  return words > 0 ? 0 : -1;
}
