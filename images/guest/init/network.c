#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SANDBOX "sandbox0"
#define SANDBOX_ADDRESS "198.18.0.1"
#define SANDBOX_NETMASK "255.254.0.0"

static struct sockaddr internet(const char *text)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  struct sockaddr result;
  inet_pton(AF_INET, text, &address.sin_addr);
  memcpy(&result, &address, sizeof result);
  return result;
}

static struct ifreq request_for(const char *device)
{
  struct ifreq request = {0};
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  return request;
}

static int set_up(int fd, const char *device)
{
  struct ifreq request = request_for(device);
  if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
    return -1;
  request.ifr_flags |= IFF_UP;
  return ioctl(fd, SIOCSIFFLAGS, &request);
}

static int set_address(int fd, unsigned long command, const char *text)
{
  struct ifreq request = request_for(SANDBOX);
  request.ifr_addr = internet(text);
  return ioctl(fd, command, &request);
}

static int set_default_route(int fd)
{
  char device[] = SANDBOX;
  struct rtentry route = {.rt_flags = RTF_UP, .rt_dev = device};
  route.rt_dst = internet("0.0.0.0");
  route.rt_genmask = internet("0.0.0.0");
  return ioctl(fd, SIOCADDRT, &route);
}

/* The kernel makes one dummy device by itself, which becomes ours by its name. */
static int rename_dummy(int fd)
{
  struct ifreq request = request_for("dummy0");
  strncpy(request.ifr_newname, SANDBOX, IFNAMSIZ - 1);
  return ioctl(fd, SIOCSIFNAME, &request);
}

void network_up(const struct journal *journal)
{
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || set_up(fd, "lo") < 0)
    journal_trouble(journal, "lo: %s", strerror(errno));
  if (rename_dummy(fd) < 0 || set_address(fd, SIOCSIFADDR, SANDBOX_ADDRESS) < 0 ||
      set_address(fd, SIOCSIFNETMASK, SANDBOX_NETMASK) < 0 || set_up(fd, SANDBOX) < 0 || set_default_route(fd) < 0)
    journal_trouble(journal, SANDBOX ": %s", strerror(errno));
  if (fd >= 0)
    close(fd);
}
