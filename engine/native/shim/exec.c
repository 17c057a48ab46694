/* The last step: finding the program and becoming it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim.h"

/* An executable file, by the rules of Go's os/exec: 0, or an errno. */
static int check_executable(const char *path) {
  struct stat status;
  if (stat(path, &status) < 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  return access(path, X_OK) < 0 ? EACCES : 0;
}

static const char *path_variable(const struct child *child) {
  for (char **entry = child->environment; *entry; entry++)
    if (strncmp(*entry, "PATH=", 5) == 0) return *entry + 5;
  return "";
}

/* Looks a plain name up in the container's PATH. Returns false where it is in none of its directories. */
static bool find(const struct child *child, const char *name, char path[PATH_MAX]) {
  for (const char *part = path_variable(child);; part++) {
    size_t length = strcspn(part, ":");
    snprintf(path, PATH_MAX, "%.*s/%s", length ? (int)length : 1, length ? part : ".", name);
    if (check_executable(path) == 0) return true;
    part += length;
    if (!*part) return false;
  }
}

/*
 * exec WORD...: the detail of a failure is "lookup" where no such program was found, "stat" where a path does
 * not exist, "check" where it is no executable file, "exec" where the kernel refused it.
 */
int exec_program(struct child *child, char **words) {
  char path[PATH_MAX];
  if (strchr(words[0], '/')) {
    int error = check_executable(words[0]);
    if (error) {
      strcpy(child->detail, error == ENOENT || error == ENOTDIR ? "stat" : "check");
      errno = error;
      return -1;
    }
    snprintf(path, sizeof path, "%s", words[0]);
  } else if (!*words[0] || !find(child, words[0], path)) {
    strcpy(child->detail, "lookup");
    errno = ENOENT;
    return -1;
  }
  execve(path, words, child->environment);
  strcpy(child->detail, "exec");
  return -1;
}
