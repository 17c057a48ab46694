#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

static const char *const default_environment[] = {
	"HOME=/root",
	"USER=root",
	"LOGNAME=root",
	"SHELL=/bin/bash",
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

enum { DEFAULTS = sizeof(default_environment) / sizeof(default_environment[0]) };

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	return strncmp(a, b, length) == 0 && b[length] == '=';
}

/* Later settings replace earlier ones, as env(1) has it; false when there are too many. */
static bool set_variable(struct launch *launch, char *variable)
{
	size_t i = 0;

	while (launch->environment[i] != NULL && !same_name(launch->environment[i], variable))
		i++;
	if (i + 1 >= sizeof(launch->environment) / sizeof(launch->environment[0]))
		return false;
	launch->environment[i] = variable;
	return true;
}

static int parse_setting(struct launch *launch, char *setting)
{
	if (has_prefix(setting, "env=") && strchr(setting + 4, '=') != NULL)
		return set_variable(launch, setting + 4) ? 0 : E2BIG;
	if (has_prefix(setting, "cwd="))
		launch->directory = setting + 4;
	else if (has_prefix(setting, "rows="))
		launch->rows = (uint16_t)atoi(setting + 5);
	else if (has_prefix(setting, "cols="))
		launch->columns = (uint16_t)atoi(setting + 5);
	else
		return EINVAL;
	return 0;
}

int launch_parse(struct launch *launch, char *strings, size_t length)
{
	char *end = strings + length;
	char *string = strings;
	size_t count = 0;

	memset(launch, 0, sizeof(*launch));
	launch->rows = 24;
	launch->columns = 80;
	launch->directory = "/root";
	for (size_t i = 0; i < DEFAULTS; i++)
		launch->environment[i] = (char *)default_environment[i];
	for (; string < end && strcmp(string, "--") != 0; string += strlen(string) + 1) {
		int error = parse_setting(launch, string);
		if (error != 0)
			return error;
	}
	if (string < end)
		string += sizeof("--");
	for (; string < end; string += strlen(string) + 1) {
		if (count == LAUNCH_STRINGS_MAX)
			return E2BIG;
		launch->arguments[count++] = string;
	}
	return count > 0 ? 0 : EINVAL;
}

static void default_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* init shields the agent from the kernel's out-of-memory killer; what it starts is not shielded. */
static void drop_shield(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "0", 1);
	close(fd);
}

/* Runs between vfork and exec, in the parent's memory: system calls only. */
static _Noreturn void become(const struct launch *launch, const int stdio[3], bool terminal, volatile int *error)
{
	default_signals();
	drop_shield();
	setsid();
	if (terminal)
		ioctl(stdio[0], TIOCSCTTY, 0);
	else
		prctl(PR_SET_PDEATHSIG, SIGHUP); /* a terminal hangs up by itself when the agent dies */
	for (int fd = 0; fd < 3; fd++)
		dup2(stdio[fd], fd);
	if (chdir(launch->directory) != 0)
		(void)!chdir("/");
	execvp(launch->arguments[0], launch->arguments);
	*error = errno;
	_exit(127);
}

/* vfork, because the parent learns of a failed exec by its return, and copies no page tables. */
static int start(const struct launch *launch, const int stdio[3], bool terminal, pid_t *pid)
{
	char **own_environment = environ;
	volatile int error = 0;

	environ = (char **)launch->environment; /* execvp searches the PATH that the process will have */
	pid_t child = vfork();
	if (child == 0)
		become(launch, stdio, terminal, &error);
	environ = own_environment;
	if (child < 0)
		return errno;
	*pid = child;
	return error; /* a child that failed is reaped with the others */
}

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int launch_on_terminal(const struct launch *launch, struct launched *result)
{
	struct winsize size = { .ws_row = launch->rows, .ws_col = launch->columns };
	struct termios settings;
	int unlock = 0;
	int error;
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (master < 0)
		return errno;
	int slave = ioctl(master, TIOCSPTLCK, &unlock) == 0
			    ? ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)
			    : -1;
	if (slave < 0) {
		error = errno;
		close(master);
		return error;
	}
	ioctl(master, TIOCSWINSZ, &size);
	if (tcgetattr(slave, &settings) == 0) {
		settings.c_iflag |= IUTF8;
		tcsetattr(slave, TCSANOW, &settings);
	}
	error = start(launch, (const int[3]){ slave, slave, slave }, true, &result->pid);
	close(slave);
	if (error != 0)
		close(master);
	result->input = result->output = master;
	result->error = -1;
	return error;
}

int launch_on_pipes(const struct launch *launch, struct launched *result)
{
	int fds[6] = { -1, -1, -1, -1, -1, -1 };
	int error = 0;

	for (int i = 0; i < 6 && error == 0; i += 2)
		if (pipe2(fds + i, O_CLOEXEC) != 0)
			error = errno;
	if (error == 0)
		error = start(launch, (const int[3]){ fds[0], fds[3], fds[5] }, false, &result->pid);
	if (error != 0) {
		close_all(fds, 6);
		return error;
	}
	close_all((const int[3]){ fds[0], fds[3], fds[5] }, 3);
	result->input = fds[1];
	result->output = fds[2];
	result->error = fds[4];
	/* Only our ends: the other ends' descriptions belong to the process. */
	fcntl(result->input, F_SETFL, O_NONBLOCK);
	fcntl(result->output, F_SETFL, O_NONBLOCK);
	fcntl(result->error, F_SETFL, O_NONBLOCK);
	return 0;
}
