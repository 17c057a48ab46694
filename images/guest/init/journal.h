/* Where init says what it does: /var/log/boot.log always, the kernel's log (and so the console) for trouble. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>

struct journal {
  const char *path; /* of the log file */
  bool kernel;      /* whether trouble goes to the kernel's log as well */
};

void journal_note(const struct journal *journal, const char *format, ...) __attribute__((format(printf, 2, 3)));
void journal_trouble(const struct journal *journal, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Cuts a log down to its last quarter once it is larger than this, so that a log cannot fill the root. */
#define JOURNAL_LARGEST (4 * 1024 * 1024)
void journal_bound(const char *path);

#endif
