#include "enabled.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define WANTS "/etc/systemd/system/multi-user.target.wants"

static void link_path(const char *name, char *path, size_t size)
{
  snprintf(path, size, WANTS "/%s.service", name);
}

bool enabled(const char *name)
{
  char path[160];
  struct stat status;
  link_path(name, path, sizeof path);
  return lstat(path, &status) == 0;
}

int set_enabled(const char *name, bool wanted, const char *target)
{
  char path[160];
  link_path(name, path, sizeof path);
  if (enabled(name) == wanted)
    return 0;
  if ((wanted ? symlink(target, path) : unlink(path)) < 0)
    return -1;
  if (wanted)
    fprintf(stderr, "Created symlink %s → %s.\n", path, target);
  else
    fprintf(stderr, "Removed \"%s\".\n", path);
  return 0;
}
