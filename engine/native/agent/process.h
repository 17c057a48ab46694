/* Streams of kind `pty` and `exec`. */
#ifndef AGENT_PROCESS_H
#define AGENT_PROCESS_H

#include <stdbool.h>

#include "loop.h"
#include "spare.h"
#include "stream.h"

struct process;

struct processes {
	struct streams *streams;
	struct watch children; /* a signalfd for SIGCHLD */
	struct process *running;
	struct spare spare;
};

/* Starts to listen for ends of children; false with errno when the kernel refuses. */
bool processes_init(struct processes *processes, struct streams *streams);

/* Carries out OPEN of `pty` (`terminal`) or `exec`: answers OPENED or RESET. */
void process_open(struct processes *processes, uint16_t number, bool terminal, char *strings, size_t length);

#endif
