/* SHA-256 (FIPS 180-4). */
#ifndef DRYDOCK_SHA256_H
#define DRYDOCK_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 {
  uint32_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, size_t length);
/* Leaves the hash unchanged, so that more can follow. */
void sha256_digest(const struct sha256 *hash, uint8_t digest[SHA256_SIZE]);
/* The digest as 64 hexadecimal digits and a NUL. */
void sha256_hex(const struct sha256 *hash, char text[2 * SHA256_SIZE + 1]);

#endif
