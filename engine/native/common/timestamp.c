#include "timestamp.h"

#include <stdio.h>
#include <time.h>

size_t format_now(char *out) {
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  size_t length = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &utc);
  if (now.tv_nsec > 0) {
    length += (size_t)sprintf(out + length, ".%09ld", now.tv_nsec);
    while (out[length - 1] == '0') length--;
  }
  out[length++] = 'Z';
  out[length] = 0;
  return length;
}
