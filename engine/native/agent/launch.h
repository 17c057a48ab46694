/* Starting a process: on a terminal of its own, or on pipes. */
#ifndef AGENT_LAUNCH_H
#define AGENT_LAUNCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LAUNCH_STRINGS_MAX = 512 };

/* What OPEN says of a process. The strings belong to the frame. */
struct launch {
	uint16_t rows;
	uint16_t columns;
	const char *directory;
	char *environment[LAUNCH_STRINGS_MAX + 8];
	char *arguments[LAUNCH_STRINGS_MAX + 1];
};

/* Reads the strings after OPEN's kind; 0 or an errno: EINVAL without argv or with an unknown key, E2BIG. */
int launch_parse(struct launch *launch, char *strings, size_t length);

/* Our ends of a started process; `input` and `output` are the same descriptor for a terminal. */
struct launched {
	pid_t pid;
	int input;
	int output;
	int error; /* -1 for a terminal */
};

/* Both start the process as leader of a new session, with default signals, the given environment over the
 * default one, and `/` where the directory does not exist. They return 0, or the errno of what failed,
 * exec included. */
int launch_on_terminal(const struct launch *launch, struct launched *result);
int launch_on_pipes(const struct launch *launch, struct launched *result);

#endif
