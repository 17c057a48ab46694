#include "tree_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Removes all that a directory holds. Takes over the descriptor. Returns 0 or -1 with errno. */
static int empty_directory(int fd) {
  DIR *directory = fdopendir(fd);
  if (!directory) {
    close(fd);
    return -1;
  }
  int result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(directory));) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") && strcmp(name, "..")) result = tree_remove(fd, name);
  }
  int error = errno;
  closedir(directory);
  errno = error;
  return result;
}

int tree_remove(int directory, const char *name) {
  /* Most entries are files: try that first, and learn from the error that one is a directory. */
  if (unlinkat(directory, name, 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return -1;
  int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || empty_directory(fd) < 0) return -1;
  return unlinkat(directory, name, AT_REMOVEDIR);
}
