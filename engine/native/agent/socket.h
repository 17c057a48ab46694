/* Streams of kind `unix` and `tcp`, and accepted connections. */
#ifndef AGENT_SOCKET_H
#define AGENT_SOCKET_H

#include <stddef.h>
#include <stdint.h>

struct streams;

/* Both carry out an OPEN: they answer RESET at once or connect and answer OPENED or RESET later. */
void socket_open_unix(struct streams *streams, uint16_t number, const char *path);
void socket_open_tcp(struct streams *streams, uint16_t number, const char *host, const char *port);

/* Makes a stream of a connection that is already there; closes `fd` when memory is short. */
void socket_adopt(struct streams *streams, uint16_t number, int fd);

#endif
