/* The process's stdin, stdout and stderr: three pipes, or a pty. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "shim.h"

#define CHUNK (16 * 1024)
#define STDIN_SPACE (32 * 1024)

static struct {
  bool tty;
  int child_ends[3];
  struct source output[2]; /* of stdout (or the pty) and stderr */
  struct source input;     /* our end of stdin, while it has data to write */
  int master;
  int stdin_fd;
  bool stdin_closing;
  bool paused;
  uint8_t pending[STDIN_SPACE]; /* for stdin, while it is full */
  size_t pending_length;
} state = {.child_ends = {-1, -1, -1}, .master = -1, .stdin_fd = -1};

static void nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

static void end_output(struct source *source) {
  int fd = source->fd;
  events_set(source, fd, 0);
  if (fd != state.master) close(fd);
  source->fd = -1;
}

static void output_ready(struct source *source, uint32_t events) {
  static uint8_t chunk[CHUNK];
  ssize_t length = read(source->fd, chunk, sizeof chunk);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) { /* a pty's master says EIO once no slave is open */
    end_output(source);
    return;
  }
  int stream = source == &state.output[1] ? STDERR : STDOUT;
  log_write(stream, chunk, (size_t)length);
  clients_output(stream, chunk, (size_t)length);
}

/* Writes what stdin could not take before. */
static void input_ready(struct source *source, uint32_t events) {
  ssize_t written = write(source->fd, state.pending, state.pending_length);
  if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (written < 0) written = (ssize_t)state.pending_length; /* nobody reads it any more */
  state.pending_length -= (size_t)written;
  memmove(state.pending, state.pending + written, state.pending_length);
  if (state.pending_length == 0) events_set(source, source->fd, 0);
  if (state.pending_length == 0 && state.stdin_closing) streams_close_stdin();
  clients_resume_stdin();
}

static void watch_output(int index, int fd) {
  nonblocking(fd);
  state.output[index].ready = output_ready;
  events_set(&state.output[index], fd, EPOLLIN);
}

void streams_init(const struct settings *settings) {
  state.tty = settings->tty;
  state.output[0].fd = state.output[1].fd = -1;
  state.input.ready = input_ready;
  if (state.tty) return;
  int pipes[3][2];
  for (int i = 0; i < 3; i++) {
    if (i == STDIN && !settings->open_stdin) {
      state.child_ends[STDIN] = open("/dev/null", O_RDONLY | O_CLOEXEC);
      continue;
    }
    if (pipe2(pipes[i], O_CLOEXEC) < 0) die("pipe: %s", strerror(errno));
    state.child_ends[i] = pipes[i][i == STDIN ? 0 : 1];
    if (i == STDIN) {
      state.stdin_fd = pipes[i][1];
      nonblocking(state.stdin_fd);
    } else {
      watch_output(i - 1, pipes[i][0]);
    }
  }
}

void streams_install(void) {
  if (state.tty) return;
  for (int i = 0; i < 3; i++) dup2(state.child_ends[i], i);
}

void streams_parent(void) {
  for (int i = 0; i < 3; i++)
    if (state.child_ends[i] >= 0) close(state.child_ends[i]);
}

void streams_set_master(int master) {
  state.master = state.stdin_fd = master;
  watch_output(0, master);
}

void streams_resize(int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  if (state.master >= 0) ioctl(state.master, TIOCSWINSZ, &size);
}

bool streams_ended(void) { return state.output[0].fd < 0 && state.output[1].fd < 0; }

void streams_close_output(void) {
  for (int i = 0; i < 2; i++)
    if (state.output[i].fd >= 0) end_output(&state.output[i]);
}

void streams_pause(bool paused) {
  if (state.paused == paused) return;
  state.paused = paused;
  for (int i = 0; i < 2; i++)
    if (state.output[i].fd >= 0) events_set(&state.output[i], state.output[i].fd, paused ? 0 : EPOLLIN);
}

size_t streams_put_stdin(const uint8_t *data, size_t length) {
  if (state.stdin_fd < 0) return length; /* closed: as with Docker, what comes is dropped */
  size_t taken = 0;
  if (state.pending_length == 0) {
    ssize_t written = write(state.stdin_fd, data, length);
    if (written > 0) taken = (size_t)written;
    if (written < 0 && errno != EAGAIN) return length;
  }
  size_t room = STDIN_SPACE - state.pending_length, rest = length - taken;
  if (rest > room) rest = room;
  memcpy(state.pending + state.pending_length, data + taken, rest);
  state.pending_length += rest;
  if (state.pending_length > 0) {
    /* The master of a pty is watched for output already, under the same number. */
    if (state.input.events == 0) state.input.fd = state.tty ? dup(state.stdin_fd) : state.stdin_fd;
    events_set(&state.input, state.input.fd, EPOLLOUT);
  }
  return taken + rest;
}

void streams_close_stdin(void) {
  if (state.stdin_fd < 0 || state.tty) return;
  if (state.pending_length > 0) {
    state.stdin_closing = true;
    return;
  }
  close(state.stdin_fd);
  state.stdin_fd = -1;
}
