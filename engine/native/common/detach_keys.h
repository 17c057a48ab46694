/* The key sequence that detaches a terminal from a container, found in input that arrives in pieces. */
#ifndef DRYDOCK_DETACH_KEYS_H
#define DRYDOCK_DETACH_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_DETACH_KEYS 16

struct detach_keys {
  uint8_t keys[MAX_DETACH_KEYS];
  size_t count; /* 0: there is no sequence */
  size_t seen;  /* how much of it the input so far ends with; those bytes are held back */
};

struct detach_scan {
  size_t earlier; /* bytes held back before that turned out to be plain: send keys[0..earlier) first */
  size_t plain;   /* then this many bytes of the input */
  bool found;     /* then the sequence is complete */
};

struct detach_scan scan_detach_keys(struct detach_keys *keys, const uint8_t *data, size_t length);

#endif
