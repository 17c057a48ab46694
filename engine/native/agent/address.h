/* Socket addresses as text: `192.0.2.1:80`, `[2001:db8::1]:80`. */
#ifndef AGENT_ADDRESS_H
#define AGENT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT_MAX = 64 };

/* From a numeric host and a port; false when either is malformed. */
bool address_parse(const char *host, const char *port, struct sockaddr_storage *address, socklen_t *length);

/* From `host:port`, brackets around an IPv6 host. */
bool address_parse_pair(const char *text, struct sockaddr_storage *address, socklen_t *length);

void address_format(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX]);

#endif
