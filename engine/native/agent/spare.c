#include "spare.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { STRINGS_MAX = 1024 };

/* The words as OPEN's strings; 0 when there are too many. */
static size_t join(char *strings, char **words)
{
	size_t length = 0;

	for (; *words != NULL; words++) {
		size_t size = strlen(*words) + 1;
		if (size > STRINGS_MAX - length)
			return 0;
		memcpy(strings + length, *words, size);
		length += size;
	}
	return length;
}

int spare_start(struct spare *spare, char **words)
{
	static char strings[STRINGS_MAX]; /* the launch points into them */
	size_t length = join(strings, words);
	int error = length == 0 ? EINVAL : launch_parse(&spare->launch, strings, length);

	if (error != 0)
		return error;
	if (gethostname(spare->host, sizeof(spare->host)) != 0)
		return errno;
	error = launch_on_terminal(&spare->launch, &spare->launched);
	if (error != 0)
		spare->launched.pid = 0;
	return error;
}

static bool same_strings(char *const *a, char *const *b)
{
	while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return *a == NULL && *b == NULL;
}

bool spare_take(struct spare *spare, const struct launch *launch, struct launched *result)
{
	struct winsize size = { .ws_row = launch->rows, .ws_col = launch->columns };
	char host[HOST_NAME_MAX + 1];

	if (spare->launched.pid == 0 || strcmp(spare->launch.directory, launch->directory) != 0 ||
	    !same_strings(spare->launch.environment, launch->environment) ||
	    !same_strings(spare->launch.arguments, launch->arguments))
		return false;
	if (gethostname(host, sizeof(host)) != 0 || strcmp(host, spare->host) != 0)
		return false;
	*result = spare->launched;
	spare->launched.pid = 0;
	ioctl(result->output, TIOCSWINSZ, &size); /* sends SIGWINCH itself */
	return true;
}

void spare_ended(struct spare *spare, pid_t pid)
{
	if (spare->launched.pid != pid)
		return;
	spare->launched.pid = 0;
	close(spare->launched.output);
}
