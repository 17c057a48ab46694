/*
 * docker: hands its command line to the resident CLI and ends as that command ends.
 *
 * A JavaScript process for each command would cost more than most commands do. So the launcher passes its
 * words, directory, environment and stdio (SCM_RIGHTS) to the CLI host, and stays as its stand-in in the
 * shell's eyes: it relays signals and window sizes, keeps the terminal's settings, stops and continues with
 * the shell's job control, and exits with the command's status. Without a host it runs the CLI itself.
 *
 * To the host, first one message: u32 length, then NUL-terminated strings: the directory, the number of
 * words, the words, the environment. Then lines: "signal N", "resize ROWS COLUMNS", "raw", "continue".
 * From the host, lines: "raw" (wants the terminal in raw mode; answered by "raw"), "cooked", "exit N".
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
#define STANDALONE "/usr/lib/drydock/docker-cli"
#define CONNECT_TRIES 30 /* a host that has just died is back within seconds */
#define IMPATIENCE 3     /* interrupts after which the user is not asked again */

extern char **environ;

static const int relayed[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,
                              SIGALRM, SIGCONT, SIGTSTP, SIGWINCH};

static int host = -1;
static struct termios settings;
static bool is_terminal, is_raw;

static void restore_terminal(void) {
  if (is_raw) tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
  is_raw = false;
}

static void tell(const char *line) {
  if (send(host, line, strlen(line), MSG_NOSIGNAL) < 0) return; /* poll() will report the hang-up */
}

static void tell_size(void) {
  struct winsize size;
  char line[48];
  if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) return;
  snprintf(line, sizeof line, "resize %u %u\n", size.ws_row, size.ws_col);
  tell(line);
}

static int try_connect(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET_PATH};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return -1;
}

/* Connects to the host. Waits while one is starting; gives up at once where none has ever run. */
static int connect_host(void) {
  for (int i = 0; i < CONNECT_TRIES; i++) {
    int fd = try_connect();
    if (fd >= 0 || errno == ENOENT) return fd;
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
  }
  return -1;
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

/* ---- while the command runs ---- */

/* Raw mode is set here, in the shell's session: a background job is stopped for it, as job control wants. */
static void make_raw(void) {
  if (is_terminal && !is_raw) {
    signal(SIGTTOU, SIG_DFL);
    struct termios raw = settings;
    cfmakeraw(&raw);
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0) is_raw = true;
  }
  tell("raw\n");
}

static void on_line(const char *line) {
  int status;
  if (strcmp(line, "raw") == 0) {
    make_raw();
  } else if (strcmp(line, "cooked") == 0) {
    restore_terminal();
  } else if (sscanf(line, "exit %d", &status) == 1) {
    restore_terminal();
    exit(status);
  }
}

static void on_host(void) {
  static char lines[256];
  static size_t length;
  ssize_t count = recv(host, lines + length, sizeof lines - 1 - length, 0);
  if (count <= 0) {
    restore_terminal();
    fputs("docker: the command line host has stopped; try the command again\n", stderr);
    exit(1);
  }
  length += (size_t)count;
  char *start = lines, *newline;
  while ((newline = memchr(start, '\n', length - (size_t)(start - lines)))) {
    *newline = 0;
    on_line(start);
    start = newline + 1;
  }
  length -= (size_t)(start - lines);
  memmove(lines, start, length);
}

/* Stops like any foreground job; comes back when the shell continues us. */
static void stop_job(void) {
  bool was_raw = is_raw;
  tell("signal 20\n");
  restore_terminal();
  raise(SIGSTOP);
  if (was_raw) make_raw();
  tell("continue\n");
  tell_size();
}

static void on_signal(int number) {
  static int interrupts;
  char line[32];
  if (number == SIGWINCH) {
    tell_size();
  } else if (number == SIGTSTP) {
    stop_job();
  } else if (number != SIGCONT) {
    if ((number == SIGINT || number == SIGTERM) && ++interrupts > IMPATIENCE) {
      restore_terminal();
      fputs("\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n", stderr);
      exit(1);
    }
    snprintf(line, sizeof line, "signal %d\n", number);
    tell(line);
  }
}

int main(int argc, char **argv) {
  host = connect_host();
  if (host < 0) {
    execv(STANDALONE, argv);
    fprintf(stderr, "docker: cannot run %s: %s\n", STANDALONE, strerror(errno));
    return 127;
  }
  is_terminal = tcgetattr(STDIN_FILENO, &settings) == 0;
  sigset_t signals;
  sigemptyset(&signals);
  for (size_t i = 0; i < sizeof relayed / sizeof relayed[0]; i++) sigaddset(&signals, relayed[i]);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
  if (signal_fd < 0 || !send_command(argc, argv)) {
    fprintf(stderr, "docker: cannot reach the command line host: %s\n", strerror(errno));
    return 1;
  }
  tell_size();
  struct pollfd polls[2] = {{.fd = host, .events = POLLIN}, {.fd = signal_fd, .events = POLLIN}};
  for (;;) {
    if (poll(polls, 2, -1) < 0 && errno != EINTR) return 1;
    struct signalfd_siginfo info;
    if (polls[1].revents && read(signal_fd, &info, sizeof info) == sizeof info) on_signal((int)info.ssi_signo);
    if (polls[0].revents) on_host();
  }
}
