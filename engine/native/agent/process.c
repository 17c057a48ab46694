#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "launch.h"
#include "link.h"

struct process {
	struct stream stream; /* first: the table frees it by this address */
	struct processes *processes;
	struct process *next; /* among the running */
	struct watch input;   /* stdin's pipe; unused for a terminal */
	struct watch output;  /* stdout's pipe, or the terminal's master */
	struct watch error;   /* stderr's pipe; unused for a terminal */
	pid_t pid;
	int status; /* as wait(2) gives it */
	bool terminal;
	bool exited;
};

static struct process *of_stream(struct stream *stream)
{
	return (struct process *)stream;
}

static struct process *of_watch(struct watch *watch, size_t offset)
{
	return (struct process *)((char *)watch - offset);
}

static void revise(struct stream *stream)
{
	struct process *process = of_stream(stream);
	struct loop *loop = stream->streams->loop;
	uint32_t reading = stream->send_window > 0 ? EPOLLIN : 0;
	uint32_t writing = stream->input.used > 0 ? EPOLLOUT : 0;

	if (process->terminal) {
		loop_want(loop, &process->output, reading | writing);
		return;
	}
	loop_want(loop, &process->input, writing);
	loop_want(loop, &process->output, reading);
	loop_want(loop, &process->error, reading);
}

/* Says how the process ended, once all that was written before is on its way. */
static void end_if_drained(struct process *process)
{
	struct stream *stream = &process->stream;

	if (process->output.fd >= 0 || process->error.fd >= 0)
		return;
	stream_send_eof(stream);
	if (!process->exited)
		return;
	bool killed = WIFSIGNALED(process->status);
	uint8_t how[2] = { killed ? 0 : (uint8_t)WEXITSTATUS(process->status),
			   killed ? (uint8_t)WTERMSIG(process->status) : 0 };
	link_put(stream->streams->link, FRAME_EXIT, stream->number, how, sizeof(how));
	stream_finish(stream);
}

/* Reads once. A descriptor is done at its end; after the process's exit also when it has nothing to say:
 * what children that live on may still write is theirs. */
static void read_output(struct process *process, struct watch *watch, enum channel channel)
{
	struct stream *stream = &process->stream;
	ssize_t count = stream_read(stream, channel, watch->fd);

	if (count > 0)
		return;
	if (count < 0 && (errno == EINTR || (errno == EAGAIN && !process->exited)))
		return;
	/* A terminal that nobody has open answers EIO; it still takes input and may be opened again. */
	if (process->terminal && !process->exited)
		loop_want(stream->streams->loop, watch, 0);
	else
		loop_close(stream->streams->loop, watch);
}

static void drain(struct process *process)
{
	while (process->output.fd >= 0 && process->stream.send_window > 0)
		read_output(process, &process->output, CHANNEL_MAIN);
	while (process->error.fd >= 0 && process->stream.send_window > 0)
		read_output(process, &process->error, CHANNEL_STDERR);
	end_if_drained(process);
}

/* After any read: the page's window may be used up, or the process done. */
static void after_read(struct process *process)
{
	if (process->exited) {
		drain(process);
		return;
	}
	if (process->stream.send_window == 0)
		revise(&process->stream);
	if (!process->terminal)
		end_if_drained(process);
}

static void output_ready(struct watch *watch, uint32_t events)
{
	struct process *process = of_watch(watch, offsetof(struct process, output));

	if (events & EPOLLOUT)
		stream_feed(&process->stream);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || watch->fd < 0 || process->stream.send_window == 0)
		return;
	read_output(process, watch, CHANNEL_MAIN);
	after_read(process);
}

static void error_ready(struct watch *watch, uint32_t events)
{
	struct process *process = of_watch(watch, offsetof(struct process, error));

	(void)events;
	if (process->stream.send_window == 0)
		return;
	read_output(process, watch, CHANNEL_STDERR);
	after_read(process);
}

static void input_ready(struct watch *watch, uint32_t events)
{
	(void)events;
	stream_feed(&of_watch(watch, offsetof(struct process, input))->stream);
}

static size_t accept_input(struct stream *stream, const uint8_t *bytes, size_t count)
{
	struct process *process = of_stream(stream);
	struct watch *watch = process->terminal ? &process->output : &process->input;

	if (watch->fd < 0)
		return count;
	ssize_t wrote = write(watch->fd, bytes, count);
	if (wrote >= 0)
		return (size_t)wrote;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (!process->terminal)
		loop_close(stream->streams->loop, watch); /* EPIPE: it has closed its stdin */
	return count;
}

static void input_ended(struct stream *stream)
{
	struct process *process = of_stream(stream);
	struct termios settings;

	if (!process->terminal) {
		loop_close(stream->streams->loop, &process->input);
		return;
	}
	if (process->output.fd >= 0 && tcgetattr(process->output.fd, &settings) == 0)
		(void)!write(process->output.fd, &settings.c_cc[VEOF], 1);
	revise(stream); /* nothing is left to be written */
}

/* The page's window has opened, or input waits. */
static void revise_or_drain(struct stream *stream)
{
	struct process *process = of_stream(stream);

	if (process->exited)
		drain(process);
	else
		revise(stream);
}

static void resize(struct stream *stream, uint16_t rows, uint16_t columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	struct process *process = of_stream(stream);

	if (process->terminal && process->output.fd >= 0)
		ioctl(process->output.fd, TIOCSWINSZ, &size); /* sends SIGWINCH itself */
}

static void send_signal(struct stream *stream, uint8_t number)
{
	struct process *process = of_stream(stream);
	pid_t group = process->pid;

	if (process->exited)
		return;
	if (process->terminal && ioctl(process->output.fd, TIOCGPGRP, &group) != 0)
		group = process->pid;
	if (group > 0)
		kill(-group, number);
}

static void release(struct stream *stream, bool aborted)
{
	struct process *process = of_stream(stream);
	struct process **place = &process->processes->running;

	loop_close(stream->streams->loop, &process->input);
	loop_close(stream->streams->loop, &process->output); /* a terminal's session gets SIGHUP from this */
	loop_close(stream->streams->loop, &process->error);
	if (aborted && !process->exited && !process->terminal)
		kill(-process->pid, SIGHUP);
	while (*place != NULL && *place != process)
		place = &(*place)->next;
	if (*place == process)
		*place = process->next;
}

static const struct stream_kind process_kind = {
	.accept = accept_input,
	.input_ended = input_ended,
	.revise = revise_or_drain,
	.resize = resize,
	.signal = send_signal,
	.release = release,
};

void process_open(struct processes *processes, uint16_t number, bool terminal, char *strings, size_t length)
{
	struct launch launch;
	struct launched launched = { .pid = -1 };
	struct process *process = calloc(1, sizeof(*process));
	int error = process == NULL ? ENOMEM : launch_parse(&launch, strings, length);

	if (error == 0 && !(terminal && spare_take(&processes->spare, &launch, &launched)))
		error = terminal ? launch_on_terminal(&launch, &launched) : launch_on_pipes(&launch, &launched);
	if (error != 0) {
		const char *name = error == EINVAL || error == ENOMEM ? "open" : launch.arguments[0];
		streams_refuse(processes->streams, number, error, name);
		free(process);
		return;
	}
	stream_add(processes->streams, &process->stream, &process_kind, number);
	process->processes = processes;
	process->pid = launched.pid;
	process->terminal = terminal;
	watch_init(&process->input, terminal ? -1 : launched.input, input_ready);
	watch_init(&process->output, launched.output, output_ready);
	watch_init(&process->error, launched.error, error_ready);
	process->next = processes->running;
	processes->running = process;
	uint32_t pid = (uint32_t)launched.pid;
	link_put(processes->streams->link, FRAME_OPENED, number, &pid, sizeof(pid));
	revise(&process->stream);
}

static void child_ended(struct processes *processes, pid_t pid, int status)
{
	struct process *process = processes->running;

	while (process != NULL && process->pid != pid)
		process = process->next;
	if (process == NULL) {
		spare_ended(&processes->spare, pid); /* unless its stream was closed before */
		return;
	}
	process->status = status;
	process->exited = true;
	drain(process);
}

static void children_ready(struct watch *watch, uint32_t events)
{
	struct processes *processes = (struct processes *)((char *)watch - offsetof(struct processes, children));
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	(void)events;
	while (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		child_ended(processes, pid, status);
}

bool processes_init(struct processes *processes, struct streams *streams)
{
	sigset_t set;

	processes->streams = streams;
	processes->running = NULL;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return false;
	watch_init(&processes->children, fd, children_ready);
	loop_want(streams->loop, &processes->children, EPOLLIN);
	return true;
}
