/* Steps that take rights away. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim.h"

#define LAST_CAPABILITY 63

static uint64_t mask(const char *hex) { return strtoull(hex, NULL, 16); }

/* bounding MASK: drops every other capability from the bounding set. */
static int run_bounding(struct child *child, char **arguments) {
  uint64_t keep = mask(arguments[0]);
  for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
    if (keep >> capability & 1) continue;
    if (prctl(PR_CAPBSET_DROP, capability) < 0) return errno == EINVAL ? 0 : -1; /* beyond the kernel's last */
  }
  return 0;
}

/* capabilities EFFECTIVE PERMITTED INHERITABLE AMBIENT: masks in hex. */
static int run_capabilities(struct child *child, char **arguments) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  uint64_t sets[3] = {mask(arguments[0]), mask(arguments[1]), mask(arguments[2])}, ambient = mask(arguments[3]);
  for (int i = 0; i < 2; i++) {
    data[i].effective = (uint32_t)(sets[0] >> (32 * i));
    data[i].permitted = (uint32_t)(sets[1] >> (32 * i));
    data[i].inheritable = (uint32_t)(sets[2] >> (32 * i));
  }
  if (syscall(SYS_capset, &header, data) < 0) return -1;
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -1;
  for (unsigned long capability = 0; capability <= LAST_CAPABILITY; capability++)
    if (ambient >> capability & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0) return -1;
  return 0;
}

/* no-new-privileges */
static int run_no_new_privileges(struct child *child, char **arguments) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* seccomp HEX: struct sock_filter instructions, 16 digits each, in this machine's byte order. */
static int run_seccomp(struct child *child, char **arguments) {
  const char *hex = arguments[0];
  size_t count = strlen(hex) / 16;
  struct sock_filter *filter = calloc(count + 1, sizeof *filter);
  if (!filter) return -1;
  uint8_t *bytes = (uint8_t *)filter;
  for (size_t i = 0; i < count * 8; i++) {
    char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
    bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  struct sock_fprog program = {.len = (unsigned short)count, .filter = filter};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

const struct step security_steps[] = {
    {"bounding", 1, run_bounding},
    {"capabilities", 4, run_capabilities},
    {"no-new-privileges", 0, run_no_new_privileges},
    {"seccomp", 1, run_seccomp},
    {NULL, 0, NULL},
};
