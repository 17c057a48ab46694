#include "journal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The log is best effort: init must go on when its disk is full. */
static void append(const char *path, const char *text, size_t length)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    return;
  if (write(fd, text, length) < 0) {
    /* nowhere left to say it */
  }
  close(fd);
}

static void say(const struct journal *journal, bool trouble, const char *format, va_list arguments)
{
  char message[512], line[640];
  time_t now = time(NULL);
  struct tm parts;

  vsnprintf(message, sizeof message, format, arguments);
  gmtime_r(&now, &parts);
  size_t length = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &parts);
  length += (size_t)snprintf(line + length, sizeof line - length, "init: %s\n", message);
  append(journal->path, line, length);
  if (trouble && journal->kernel) {
    length = (size_t)snprintf(line, sizeof line, "<3>init: %s\n", message);
    append("/dev/kmsg", line, length);
  }
}

void journal_note(const struct journal *journal, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  say(journal, false, format, arguments);
  va_end(arguments);
}

void journal_trouble(const struct journal *journal, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  say(journal, true, format, arguments);
  va_end(arguments);
}

void journal_bound(const char *path)
{
  static char tail[JOURNAL_LARGEST / 4];
  struct stat status;
  int fd;

  if (stat(path, &status) < 0 || status.st_size <= JOURNAL_LARGEST)
    return;
  fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return;
  ssize_t length = pread(fd, tail, sizeof tail, status.st_size - (off_t)sizeof tail);
  /* The service has the file open for appending, so it stays the same file and goes on at its new end. */
  if (length > 0 && ftruncate(fd, 0) == 0 && pwrite(fd, tail, (size_t)length, 0) < 0) {
    /* the old lines are lost, the new ones are not */
  }
  close(fd);
}
