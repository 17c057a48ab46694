/*
 * docker: hands its command line to the resident CLI and ends as that command ends.
 *
 * A JavaScript process for each command would cost more than most commands do. So the launcher passes its
 * words, directory, environment and stdio (SCM_RIGHTS) to the CLI host, and stays as its stand-in in the
 * shell's eyes: it relays signals, keeps the terminal's settings, stops and continues with the shell's job
 * control, and exits with the command's status. Without a host it runs the CLI itself.
 *
 * To the host, first one message: u32 length, then NUL-terminated strings: the directory, the number of
 * words, the words, the environment. Then lines:
 *   signal N   for the command
 *   resize     the terminal has another size
 *   ready      answers "input" and "raw"
 *   stop       the shell wants us to stop: print nothing more, and answer "stopped"
 *   continue   the shell has continued us
 * From the host, lines:
 *   input      wants to read the terminal, which only a foreground job may
 *   raw        the same, in raw mode
 *   cooked     gives the terminal its settings back
 *   proxy      wants all signals, also those that would stop or end us
 *   stopped
 *   exit N
 *
 * DRYDOCK_CLI_SOCKET names another host's socket; empty, it keeps the command in this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SOCKET_PATH "/run/drydock/cli.sock"
#define SOCKET_VARIABLE "DRYDOCK_CLI_SOCKET"
#define STANDALONE "/usr/lib/drydock/docker-cli"
#define CONNECT_TRIES 30    /* a host that has just died is back within seconds */
#define IMPATIENCE 3        /* that many interrupts end us, whatever the command does */
#define STOP_PATIENCE 1000  /* ms for the host to fall silent */

extern char **environ;

static int host = -1, signals = -1;
static struct termios settings;
static bool is_terminal, is_raw, wants_input, wants_raw, is_proxy, is_silent;

static void restore_terminal(void) {
  if (is_raw) tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
  is_raw = false;
}

static void tell(const char *line) {
  if (send(host, line, strlen(line), MSG_NOSIGNAL) < 0) return; /* poll() will report the hang-up */
}

/* ---- the connection ---- */

static int try_connect(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENOENT;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return -1;
}

/*
 * Connects to the host. Waits while one is starting; gives up at once where none has ever run, or where it is not
 * ours to use: it works with root's rights.
 */
static int connect_host(void) {
  const char *path = getenv(SOCKET_VARIABLE);
  if (!path) path = SOCKET_PATH;
  if (!*path) return -1;
  for (int i = 0; i < CONNECT_TRIES; i++) {
    int fd = try_connect(path);
    if (fd >= 0 || errno == ENOENT || errno == EACCES) return fd;
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
  }
  return -1;
}

/* A closed stdio descriptor would be taken by the socket, and could not be passed on. */
static void fill_stdio(void) {
  int fd;
  do fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

/* ---- the first message ---- */

static char *append(char *at, const char *text) {
  size_t length = strlen(text) + 1;
  memcpy(at, text, length);
  return at + length;
}

static bool send_command(int argc, char **argv) {
  char directory[4096], count[16];
  if (!getcwd(directory, sizeof directory)) strcpy(directory, "/");
  size_t space = 4 + sizeof directory + sizeof count;
  for (int i = 0; i < argc; i++) space += strlen(argv[i]) + 1;
  for (char **entry = environ; *entry; entry++) space += strlen(*entry) + 1;
  char *message = malloc(space);
  if (!message) return false;
  snprintf(count, sizeof count, "%d", argc);
  char *at = append(append(message + 4, directory), count);
  for (int i = 0; i < argc; i++) at = append(at, argv[i]);
  for (char **entry = environ; *entry; entry++) at = append(at, *entry);
  uint32_t length = (uint32_t)(at - message - 4);
  memcpy(message, &length, 4);

  int fds[3] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  char control[CMSG_SPACE(sizeof fds)] __attribute__((aligned(8))) = {0};
  struct iovec part = {.iov_base = message, .iov_len = (size_t)(at - message)};
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fds);
  memcpy(CMSG_DATA(rights), fds, sizeof fds);
  while (part.iov_len > 0) {
    ssize_t sent = sendmsg(host, &header, MSG_NOSIGNAL);
    if (sent < 0) break;
    part.iov_base = (char *)part.iov_base + sent;
    part.iov_len -= (size_t)sent;
    header.msg_control = NULL;
    header.msg_controllen = 0;
  }
  free(message);
  return part.iov_len == 0;
}

/* ---- the terminal ---- */

/*
 * Returns once we are in the foreground. A read of nothing leaves it to the kernel to stop a background job, as
 * for any program that reads its terminal; an orphaned one, which it does not stop, gets its EIO from there.
 */
static void await_foreground(void) {
  char nothing;
  if (is_terminal && tcgetpgrp(STDIN_FILENO) != getpgrp() && read(STDIN_FILENO, &nothing, 0) < 0) return;
}

/* Raw mode is set here, in the shell's session: the kernel stops a background job for it, too. */
static void make_raw(void) {
  if (!is_terminal || is_raw) return;
  struct termios raw = settings;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0) is_raw = true;
}

static void take_terminal(void) {
  if (wants_raw)
    make_raw();
  else if (wants_input)
    await_foreground();
}

/* ---- signals ---- */

/* Takes signals from a descriptor instead: those that every command handles, or with a proxy all that can be. */
static bool watch_signals(void) {
  sigset_t set;
  if (is_proxy) {
    static const int ours[] = {SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, SIGURG, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    sigfillset(&set);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) sigdelset(&set, ours[i]);
  } else {
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGWINCH);
  }
  if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return false;
  signals = signalfd(signals, &set, SFD_CLOEXEC);
  return signals >= 0;
}

static void on_host(void);

/* Stops like any foreground job, and comes back when the shell continues us. */
static void stop_job(void) {
  struct pollfd answer = {.fd = host, .events = POLLIN};
  is_silent = false;
  tell("stop\n");
  while (!is_silent && poll(&answer, 1, STOP_PATIENCE) > 0) on_host();
  restore_terminal();

  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &stop, NULL); /* here we stand still */
  sigprocmask(SIG_BLOCK, &stop, NULL);
  take_terminal();
  tell("continue\n");
  tell("resize\n");
}

static void on_signal(int number) {
  static int interrupts;
  char line[32];
  if (number == SIGTSTP && !is_proxy) {
    stop_job();
    return;
  }
  if (number == SIGWINCH) tell("resize\n");
  if (number == SIGWINCH && !is_proxy) return;
  if ((number == SIGINT || number == SIGTERM) && ++interrupts == IMPATIENCE) {
    restore_terminal();
    fprintf(stderr, "\ngot %d SIGTERM/SIGINTs, forcefully exiting\n", IMPATIENCE);
    exit(1);
  }
  snprintf(line, sizeof line, "signal %d\n", number);
  tell(line);
}

/* ---- what the host says ---- */

static void on_line(const char *line) {
  int status;
  if (strcmp(line, "raw") == 0 || strcmp(line, "input") == 0) {
    wants_input = true;
    wants_raw = line[0] == 'r';
    take_terminal();
    tell("ready\n");
  } else if (strcmp(line, "cooked") == 0) {
    wants_input = wants_raw = false;
    restore_terminal();
  } else if (strcmp(line, "proxy") == 0) {
    is_proxy = true;
    watch_signals();
  } else if (strcmp(line, "stopped") == 0) {
    is_silent = true;
  } else if (sscanf(line, "exit %d", &status) == 1) {
    restore_terminal();
    exit(status);
  }
}

static void on_host(void) {
  static char lines[256];
  static size_t length;
  ssize_t count = recv(host, lines + length, sizeof lines - 1 - length, 0);
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    restore_terminal();
    fputs("docker: the command line host has stopped; try the command again\n", stderr);
    exit(1);
  }
  length += (size_t)count;
  char *newline;
  /* A line is taken out before it is obeyed: that may stop us for long, and read on meanwhile. */
  while ((newline = memchr(lines, '\n', length))) {
    char line[sizeof lines];
    size_t size = (size_t)(newline - lines);
    memcpy(line, lines, size);
    line[size] = 0;
    length -= size + 1;
    memmove(lines, newline + 1, length);
    on_line(line);
  }
}

int main(int argc, char **argv) {
  fill_stdio();
  host = connect_host();
  if (host < 0) {
    execv(STANDALONE, argv);
    fprintf(stderr, "docker: cannot run %s: %s\n", STANDALONE, strerror(errno));
    return 127;
  }
  is_terminal = tcgetattr(STDIN_FILENO, &settings) == 0;
  if (!watch_signals() || !send_command(argc, argv)) {
    fprintf(stderr, "docker: cannot reach the command line host: %s\n", strerror(errno));
    return 1;
  }
  struct pollfd polls[2] = {{.fd = host, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
  for (;;) {
    if (poll(polls, 2, -1) < 0) continue;
    struct signalfd_siginfo info;
    if (polls[1].revents && read(signals, &info, sizeof info) == sizeof info) on_signal((int)info.ssi_signo);
    if (polls[0].revents) on_host();
  }
}
