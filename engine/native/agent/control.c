#include "control.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "identity.h"
#include "link.h"
#include "listener.h"
#include "stream.h"

enum { EPOCH_DIGITS = 16 };

struct hello {
	const char *epoch;
	const char *time;
	const char *hostname;
	const char *node;
	const char *seed;
};

static void end_everything(struct control *control)
{
	control->link->live = false;
	control->listeners->live = false;
	streams_end_all(control->streams);
	link_restart(control->link);
}

void control_ask_hello(struct control *control)
{
	static const char message[] = "hello-please\n";

	end_everything(control);
	(void)!write(control->port.fd, message, sizeof(message) - 1);
}

/* The answer is the last thing done: from then on the page may send on port 1. */
static void greet(struct control *control, const struct hello *hello)
{
	char answer[64];

	end_everything(control);
	identity_set_clock(hello->time);
	identity_set_hostname(hello->hostname);
	identity_seed(hello->seed);
	identity_publish(hello->epoch, hello->node, hello->hostname);
	control->link->live = true;
	control->listeners->live = true;
	int length = snprintf(answer, sizeof(answer), "ready\nepoch=%s\nversion=%d\n", hello->epoch, PROTOCOL_VERSION);
	(void)!write(control->port.fd, answer, (size_t)length);
}

static void take_line(struct hello *hello, char *line)
{
	static const char *const keys[] = { "epoch", "time", "hostname", "node", "seed" };
	const char **const values[] = { &hello->epoch, &hello->time, &hello->hostname, &hello->node, &hello->seed };
	char *equals = strchr(line, '=');

	if (equals == NULL)
		return;
	*equals = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(line, keys[i]) == 0)
			*values[i] = equals + 1;
}

static void take_message(struct control *control, char *message)
{
	struct hello hello = { .epoch = NULL };
	char *rest = message;
	const char *verb = strsep(&rest, "\n");

	if (strcmp(verb, "hello") != 0)
		return; /* a later version's verb */
	while (rest != NULL)
		take_line(&hello, strsep(&rest, "\n"));
	if (hello.epoch != NULL && strlen(hello.epoch) == EPOCH_DIGITS)
		greet(control, &hello);
}

static void port_ready(struct watch *watch, uint32_t events)
{
	struct control *control = (struct control *)((char *)watch - offsetof(struct control, port));
	char message[CHUNK_SIZE + 1];
	ssize_t count;

	(void)events;
	while ((count = read(watch->fd, message, CHUNK_SIZE)) > 0) {
		message[count] = '\0';
		take_message(control, message);
	}
}

void control_init(struct control *control, struct loop *loop, int port)
{
	watch_init(&control->port, port, port_ready);
	loop_want(loop, &control->port, EPOLLIN);
	control_ask_hello(control);
}
