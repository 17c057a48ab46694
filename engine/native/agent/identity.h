/* What a restored machine has to be told anew: the time, its name, and bits that no sibling has. */
#ifndef AGENT_IDENTITY_H
#define AGENT_IDENTITY_H

/* All of them do what they can and leave the rest: a page must get its answer. NULL or malformed text is
 * ignored. */

/* `milliseconds` since 1970. */
void identity_set_clock(const char *milliseconds);

void identity_set_hostname(const char *name);

/* Credits the bytes of `hex` to the kernel's random pool and makes it use them at once. */
void identity_seed(const char *hex);

/* Tells whoever watches /run/drydock/epoch: a line each for epoch, node and hostname. Replaced by rename. */
void identity_publish(const char *epoch, const char *node, const char *hostname);

#endif
