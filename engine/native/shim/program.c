#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim.h"

/*
 * A program is NUL-terminated strings: for each record the number of its words in decimal, then the words.
 * Settings come first, then the record "steps", then the steps.
 */
static char *read_file(const char *path, size_t *length) {
  struct stat status;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &status) < 0) die("%s: %s", path, strerror(errno));
  char *text = malloc((size_t)status.st_size + 1);
  ssize_t count = text ? read(fd, text, (size_t)status.st_size) : -1;
  if (count != status.st_size) die("%s: cannot read it", path);
  close(fd);
  text[count] = 0;
  *length = (size_t)count;
  return text;
}

void program_load(struct program *program, const char *path) {
  size_t length;
  char *at = read_file(path, &length), *end = at + length;
  int space = 0;
  program->first_step = -1;
  while (at < end) {
    char *digits_end;
    long words = strtol(at, &digits_end, 10);
    if (*digits_end || digits_end == at || words < 1 || words > 100000) die("%s: malformed", path);
    if (program->count == space) {
      space = space ? space * 2 : 64;
      program->records = realloc(program->records, (size_t)space * sizeof *program->records);
      if (!program->records) die("out of memory");
    }
    struct record *record = &program->records[program->count++];
    record->count = (int)words;
    record->words = calloc((size_t)words + 1, sizeof *record->words);
    if (!record->words) die("out of memory");
    at = digits_end + 1;
    for (long i = 0; i < words; i++) {
      if (at >= end) die("%s: cut off", path);
      record->words[i] = at;
      at += strlen(at) + 1;
    }
    if (program->first_step < 0 && strcmp(record->words[0], "steps") == 0) program->first_step = program->count;
  }
  if (program->first_step < 0) die("%s: no steps", path);
}

const struct record *program_setting(const struct program *program, const char *name) {
  for (int i = 0; i < program->first_step; i++)
    if (strcmp(program->records[i].words[0], name) == 0) return &program->records[i];
  return NULL;
}

const char *setting_word(const struct record *setting, int n, const char *fallback) {
  return setting && n < setting->count ? setting->words[n] : fallback;
}
