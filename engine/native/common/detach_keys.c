#include "detach_keys.h"

struct detach_scan scan_detach_keys(struct detach_keys *keys, const uint8_t *data, size_t length) {
  struct detach_scan scan = {0};
  for (size_t i = 0; i < length && keys->count > 0; i++) {
    if (data[i] == keys->keys[keys->seen]) {
      if (++keys->seen < keys->count) continue;
      scan.found = true;
      scan.plain = i + 1 > keys->count ? i + 1 - keys->count : 0;
      return scan;
    }
    if (keys->seen > i) scan.earlier = keys->seen - i;
    keys->seen = data[i] == keys->keys[0] ? 1 : 0;
  }
  scan.plain = length - (keys->seen < length ? keys->seen : length);
  return scan;
}
