/* The guest's end of the link: see docs/architecture.md.
 *
 *   agent [--listen NAME=ADDRESS:PORT]... [--datagram NAME=ADDRESS:PORT]... [--spare [SETTING...] -- ARGUMENT...]
 *
 * init keeps it running; it ends with status 1 when the ports are not there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "link.h"
#include "listener.h"
#include "loop.h"
#include "process.h"
#include "socket.h"
#include "spare.h"
#include "stream.h"

enum {
	DEVICES_MAX = 8,
	PORT_TRIES = 250,
	PORT_NAP_NS = 20 * 1000 * 1000,
};

struct agent {
	struct loop loop;
	struct link link;
	struct streams streams;
	struct processes processes;
	struct listeners listeners;
	struct control control;
};

static void complain(const char *what)
{
	fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
}

/* The number of the virtio device in the port's name depends on the order in which devices were found. */
static int try_port(int port)
{
	char path[32];
	int fd = -1;

	for (int device = 0; device < DEVICES_MAX && fd < 0; device++) {
		snprintf(path, sizeof(path), "/dev/vport%dp%d", device, port);
		fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			return -1;
	}
	return fd;
}

/* Early in a boot the ports may still be on their way; after our predecessor's death, still be open. */
static int open_port(int port)
{
	for (int i = 0; i < PORT_TRIES; i++) {
		int fd = try_port(port);
		if (fd >= 0)
			return fd;
		nanosleep(&(struct timespec){ .tv_nsec = PORT_NAP_NS }, NULL);
	}
	return -1;
}

static const char *next_string(const char *string, const char *end)
{
	const char *next = string + strlen(string) + 1;

	return next < end ? next : NULL;
}

static void open_stream(void *context, uint16_t number, const char *strings, size_t length)
{
	struct agent *agent = context;
	const char *end = strings + length;
	const char *first = length > 0 ? next_string(strings, end) : NULL;
	const char *second = first != NULL ? next_string(first, end) : NULL;

	if (strcmp(strings, "pty") == 0 && first != NULL)
		process_open(&agent->processes, number, true, (char *)first, (size_t)(end - first));
	else if (strcmp(strings, "exec") == 0 && first != NULL)
		process_open(&agent->processes, number, false, (char *)first, (size_t)(end - first));
	else if (strcmp(strings, "unix") == 0 && first != NULL)
		socket_open_unix(&agent->streams, number, first);
	else if (strcmp(strings, "tcp") == 0 && second != NULL)
		socket_open_tcp(&agent->streams, number, first, second);
	else
		streams_refuse(&agent->streams, number, EINVAL, "open");
}

static void link_distrusted(struct link *link)
{
	struct agent *agent = (struct agent *)((char *)link - offsetof(struct agent, link));

	control_ask_hello(&agent->control);
}

static void start_spare(struct agent *agent, char **words)
{
	errno = spare_start(&agent->processes.spare, words);
	if (errno != 0)
		complain("spare"); /* only that the first terminal takes longer */
}

static void obey(struct agent *agent, int count, char **arguments)
{
	for (int i = 1; i + 1 < count; i += 2) {
		if (strcmp(arguments[i], "--spare") == 0) {
			start_spare(agent, arguments + i + 1);
			return;
		}
		bool datagram = strcmp(arguments[i], "--datagram") == 0;
		if (!datagram && strcmp(arguments[i], "--listen") != 0)
			errno = EINVAL;
		else if (listeners_add(&agent->listeners, arguments[i + 1], datagram))
			continue;
		complain(arguments[i + 1]); /* the terminals must work all the same */
	}
}

/* A process's pipes must never be 0 to 2. */
static void fill_stdio(void)
{
	int fd = open("/dev/null", O_RDWR);

	while (fd >= 0 && fd < 3)
		fd = open("/dev/null", O_RDWR);
	close(fd);
}

static bool start(struct agent *agent)
{
	int data_port = open_port(1);
	int control_port = data_port >= 0 ? open_port(2) : -1;

	if (control_port < 0 || !loop_init(&agent->loop))
		return false;
	agent->streams.loop = &agent->loop;
	agent->streams.link = &agent->link;
	agent->streams.opener_context = agent;
	agent->streams.open = open_stream;
	agent->link.distrusted = link_distrusted;
	link_init(&agent->link, &agent->loop, &agent->streams, data_port);
	agent->control.link = &agent->link;
	agent->control.streams = &agent->streams;
	agent->control.listeners = &agent->listeners;
	listeners_init(&agent->listeners, &agent->streams);
	if (!processes_init(&agent->processes, &agent->streams))
		return false;
	control_init(&agent->control, &agent->loop, control_port);
	return true;
}

int main(int count, char **arguments)
{
	/* Streams by number: half a megabyte of which only the pages in use exist. */
	struct agent *agent = calloc(1, sizeof(*agent));

	signal(SIGPIPE, SIG_IGN);
	umask(022);
	fill_stdio();
	if (agent == NULL || !start(agent)) {
		complain("start");
		return 1;
	}
	obey(agent, count, arguments);
	for (;;) {
		loop_turn(&agent->loop);
		link_flush(&agent->link);
		streams_sweep(&agent->streams);
		listeners_revise(&agent->listeners);
	}
}
