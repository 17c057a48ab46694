#include "identity.h"

#include <fcntl.h>
#include <linux/random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SEED_BYTES = 32 };

static const char run_directory[] = "/run/drydock";
static const char epoch_file[] = "/run/drydock/epoch";
static const char epoch_file_new[] = "/run/drydock/.epoch";

void identity_set_clock(const char *milliseconds)
{
	long long value = milliseconds ? atoll(milliseconds) : 0;

	if (value <= 0)
		return;
	clock_settime(CLOCK_REALTIME, &(struct timespec){ .tv_sec = (time_t)(value / 1000),
							  .tv_nsec = (long)(value % 1000) * 1000000 });
}

void identity_set_hostname(const char *name)
{
	if (name != NULL && name[0] != '\0')
		sethostname(name, strlen(name));
}

void identity_seed(const char *hex)
{
	struct {
		struct rand_pool_info info;
		uint8_t bytes[SEED_BYTES];
	} pool = { .info = { .entropy_count = SEED_BYTES * 8, .buf_size = SEED_BYTES } };

	if (hex == NULL || strlen(hex) != SEED_BYTES * 2)
		return;
	for (int i = 0; i < SEED_BYTES; i++) {
		char digits[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
		pool.bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ioctl(fd, RNDADDENTROPY, &pool);
	ioctl(fd, RNDRESEEDCRNG);
	close(fd);
}

void identity_publish(const char *epoch, const char *node, const char *hostname)
{
	mkdir(run_directory, 0755);
	int fd = open(epoch_file_new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	dprintf(fd, "epoch=%s\nnode=%s\nhostname=%s\n", epoch, node ? node : "", hostname ? hostname : "");
	close(fd);
	rename(epoch_file_new, epoch_file);
}
