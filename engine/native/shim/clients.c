/*
 * Who talks to a running shim: connections to STATE/sock, and what the daemon hands over at the start.
 *
 * A connection is one request, a line of words:
 *   watch                                  answers "started PID" and, at the end, "exited CODE SIGNAL NS"
 *   resize ROWS COLUMNS                    of the pty; answers "ok"
 *   attach STDIN STDOUT STDERR KEYS [HEX]  with a descriptor (SCM_RIGHTS): the client's own connection. The
 *                                          first three are 0 or 1, KEYS is the detach sequence in hex or "-",
 *                                          HEX is input that came before. Answers "detached" or "closed".
 * An attached client gets raw bytes of a pty, or frames of Docker's stdcopy format.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/detach_keys.h"
#include "shim.h"

#define REQUEST_SPACE 8192
#define QUEUE_LIMIT (256 * 1024) /* owed to one client before the process has to wait */

/* Bytes that could not be written yet. */
struct queue {
  uint8_t *bytes;
  size_t length, space;
};

struct client {
  struct source control; /* the connection to our socket; fd -1 once gone */
  struct source stream;  /* the attached descriptor, -1 where there is none */
  struct client *next;
  char request[REQUEST_SPACE];
  size_t request_length;
  int passed_fd;
  bool watches, attached, ending;
  bool wants[3];
  bool stdin_open; /* more input may come */
  struct detach_keys keys;
  uint8_t held[4096]; /* input that stdin could not take */
  size_t held_length;
  struct queue queue;
};

static struct {
  const struct settings *settings;
  struct source listener;
  struct client *clients;
  char started[64];
  bool finishing;
} state;

static void serve_control(struct source *source, uint32_t events);
static void serve_stream(struct source *source, uint32_t events);

/* ---- the list ---- */

static struct client *add_client(int control) {
  struct client *client = calloc(1, sizeof *client);
  if (!client) die("out of memory");
  client->control.ready = serve_control;
  client->stream.ready = serve_stream;
  client->control.fd = client->stream.fd = client->passed_fd = -1;
  client->next = state.clients;
  state.clients = client;
  if (control >= 0) events_set(&client->control, control, EPOLLIN);
  return client;
}

static void close_source(struct source *source) {
  if (source->fd < 0) return;
  events_set(source, source->fd, 0);
  close(source->fd);
  source->fd = -1;
}

/* Frees clients that have neither connection left. Not while one of them is being served. */
static void sweep(void) {
  for (struct client **link = &state.clients; *link;) {
    struct client *client = *link;
    if (client->control.fd >= 0 || client->stream.fd >= 0) {
      link = &client->next;
      continue;
    }
    *link = client->next;
    free(client->queue.bytes);
    free(client);
  }
}

static void answer(struct client *client, const char *line) {
  char text[128];
  int length = snprintf(text, sizeof text, "%s\n", line);
  if (client->control.fd >= 0) send(client->control.fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- output ---- */

static bool too_slow(void) {
  for (struct client *client = state.clients; client; client = client->next)
    if (client->queue.length > QUEUE_LIMIT) return true;
  return false;
}

static void watch_stream(struct client *client) {
  if (client->stream.fd < 0) return;
  bool reads = client->stdin_open && client->held_length == 0;
  uint32_t events = (reads ? EPOLLIN : 0) | (client->queue.length > 0 ? EPOLLOUT : 0);
  /* EPOLLRDHUP alone still tells when the client is gone for good (as EPOLLHUP). */
  events_set(&client->stream, client->stream.fd, events ? events : EPOLLET | EPOLLRDHUP);
}

/* Ends an attachment and tells the daemon how. */
static void end_attachment(struct client *client, const char *how) {
  if (!client->attached) return;
  client->attached = false;
  client->stdin_open = false;
  client->queue.length = 0;
  if (client->stream.fd >= 0) shutdown(client->stream.fd, SHUT_RDWR);
  close_source(&client->stream);
  answer(client, how);
  close_source(&client->control);
  streams_pause(too_slow());
}

static void put(struct client *client, const uint8_t *data, size_t length) {
  struct queue *queue = &client->queue;
  if (queue->length == 0) {
    ssize_t sent = send(client->stream.fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      end_attachment(client, "closed");
      return;
    }
    if (sent > 0) {
      data += sent;
      length -= (size_t)sent;
    }
    if (length == 0) return;
  }
  if (queue->length + length > queue->space) {
    queue->space = (queue->length + length) * 2;
    queue->bytes = realloc(queue->bytes, queue->space);
    if (!queue->bytes) die("out of memory");
  }
  memcpy(queue->bytes + queue->length, data, length);
  queue->length += length;
  watch_stream(client);
  streams_pause(too_slow());
}

static void flush(struct client *client) {
  struct queue *queue = &client->queue;
  ssize_t sent = send(client->stream.fd, queue->bytes, queue->length, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (sent < 0) {
    end_attachment(client, "closed");
    return;
  }
  queue->length -= (size_t)sent;
  memmove(queue->bytes, queue->bytes + sent, queue->length);
  streams_pause(too_slow());
  if (queue->length > 0) return;
  if (client->ending)
    end_attachment(client, "closed");
  else
    watch_stream(client);
}

void clients_output(int stream, const uint8_t *data, size_t length) {
  uint8_t frame[8] = {(uint8_t)stream, 0, 0, 0, (uint8_t)(length >> 24), (uint8_t)(length >> 16),
                      (uint8_t)(length >> 8), (uint8_t)length};
  for (struct client *client = state.clients; client; client = client->next) {
    if (!client->attached || client->ending || !client->wants[stream]) continue;
    if (!state.settings->tty) put(client, frame, sizeof frame);
    if (client->attached) put(client, data, length);
  }
  sweep();
}

/* ---- input ---- */

/* The client sends no more (moby, container/stream/attach.go: what then closes depends on StdinOnce and tty). */
static void end_input(struct client *client) {
  if (!client->stdin_open) return;
  client->stdin_open = false;
  if (state.settings->stdin_once && !state.settings->tty) {
    streams_close_stdin();
    watch_stream(client);
  } else {
    end_attachment(client, "closed");
  }
}

static void take_input(struct client *client, const uint8_t *data, size_t length) {
  struct detach_scan scan = scan_detach_keys(&client->keys, data, length);
  if (scan.earlier > 0) streams_put_stdin(client->keys.keys, scan.earlier);
  size_t taken = streams_put_stdin(data, scan.plain);
  client->held_length = scan.plain - taken;
  memcpy(client->held, data + taken, client->held_length);
  if (scan.found) {
    if (state.settings->stdin_once && !state.settings->tty) streams_close_stdin();
    end_attachment(client, "detached");
  } else {
    watch_stream(client);
  }
}

void clients_resume_stdin(void) {
  for (struct client *client = state.clients; client; client = client->next) {
    if (client->held_length == 0) continue;
    size_t taken = streams_put_stdin(client->held, client->held_length);
    client->held_length -= taken;
    memmove(client->held, client->held + taken, client->held_length);
    if (client->held_length > 0) return;
    watch_stream(client);
  }
}

static void serve_stream(struct source *source, uint32_t events) {
  struct client *client = (struct client *)((char *)source - offsetof(struct client, stream));
  if (events & EPOLLOUT) flush(client);
  if (client->attached && (events & EPOLLIN) && client->stdin_open) {
    uint8_t data[sizeof client->held];
    ssize_t length = read(source->fd, data, sizeof data);
    if (length > 0)
      take_input(client, data, (size_t)length);
    else if (length == 0 || (errno != EAGAIN && errno != EINTR))
      end_input(client);
  } else if (client->attached && (events & (EPOLLHUP | EPOLLERR))) {
    end_input(client);
    end_attachment(client, "closed");
  }
  sweep();
}

/* ---- requests ---- */

static size_t decode_hex(uint8_t *out, size_t space, const char *text) {
  size_t length = 0;
  unsigned byte;
  for (; length < space && text[0] && text[1] && sscanf(text, "%2x", &byte) == 1; text += 2) out[length++] = (uint8_t)byte;
  return length;
}

static void attach(struct client *client, char **words, int count) {
  if (count < 5 || client->passed_fd < 0) {
    answer(client, "malformed");
    close_source(&client->control);
    return;
  }
  for (int i = 0; i < 3; i++) client->wants[i] = words[1 + i][0] == '1';
  client->keys.count = decode_hex(client->keys.keys, MAX_DETACH_KEYS, words[4]);
  client->stdin_open = client->wants[STDIN];
  client->attached = true;
  client->stream.fd = client->passed_fd;
  client->passed_fd = -1;
  fcntl(client->stream.fd, F_SETFL, fcntl(client->stream.fd, F_GETFL) | O_NONBLOCK);
  watch_stream(client);
  uint8_t early[REQUEST_SPACE / 2];
  size_t length = count > 5 ? decode_hex(early, sizeof early, words[5]) : 0;
  for (size_t at = 0; at < length && client->attached;) {
    size_t part = length - at < sizeof client->held ? length - at : sizeof client->held;
    take_input(client, early + at, part);
    at += part;
  }
  if (state.finishing && client->attached) end_attachment(client, "closed");
}

static void handle_request(struct client *client) {
  char *words[8], *rest = NULL;
  int count = 0;
  for (char *word = strtok_r(client->request, " ", &rest); word && count < 8; word = strtok_r(NULL, " ", &rest))
    words[count++] = word;
  if (count == 1 && strcmp(words[0], "watch") == 0) {
    client->watches = true;
    if (state.started[0]) answer(client, state.started);
  } else if (count == 3 && strcmp(words[0], "resize") == 0) {
    streams_resize(atoi(words[1]), atoi(words[2]));
    answer(client, "ok");
    close_source(&client->control);
  } else if (count > 0 && strcmp(words[0], "attach") == 0) {
    attach(client, words, count);
  } else {
    answer(client, "malformed");
    close_source(&client->control);
  }
}

/* Reads more of a request, and a descriptor that may come with it. Returns false when the peer is gone. */
static bool read_request(struct client *client, int fd) {
  char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
  struct iovec part = {.iov_base = client->request + client->request_length,
                       .iov_len = REQUEST_SPACE - 1 - client->request_length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (length <= 0) return false;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) memcpy(&client->passed_fd, CMSG_DATA(header), sizeof(int));
  client->request_length += (size_t)length;
  return client->request_length < REQUEST_SPACE - 1;
}

static void serve_control(struct source *source, uint32_t events) {
  struct client *client = (struct client *)((char *)source - offsetof(struct client, control));
  bool asked = client->watches || client->attached;
  if (!read_request(client, source->fd)) {
    close_source(source);
    if (client->passed_fd >= 0) close(client->passed_fd);
  } else if (!asked) {
    char *newline = memchr(client->request, '\n', client->request_length);
    if (newline) {
      *newline = 0;
      handle_request(client);
    }
  }
  sweep();
}

static void accept_client(struct source *source, uint32_t events) {
  int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) add_client(fd);
}

/* ---- life ---- */

/* Descriptor 3 is the daemon's watch; the settings "client FD REQUEST..." are attachments made before. */
void clients_init(const struct settings *settings, const struct program *program) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  state.settings = settings;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  /* Relative, because the whole path may be longer than sun_path; the shim works in its state directory. */
  strcpy(address.sun_path, "sock");
  unlink("sock");
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0)
    die("%s/sock: %s", settings->state, strerror(errno));
  state.listener.ready = accept_client;
  events_set(&state.listener, fd, EPOLLIN);

  fcntl(3, F_SETFD, FD_CLOEXEC);
  add_client(3)->watches = true;
  for (int i = 0; i < program->first_step; i++) {
    const struct record *record = &program->records[i];
    if (strcmp(record->words[0], "client") != 0) continue;
    struct client *client = add_client(-1);
    client->passed_fd = atoi(record->words[1]);
    fcntl(client->passed_fd, F_SETFD, FD_CLOEXEC);
    attach(client, record->words + 2, record->count - 2);
  }
}

void clients_announce(const char *line) {
  if (strncmp(line, "started", 7) == 0) snprintf(state.started, sizeof state.started, "%s", line);
  for (struct client *client = state.clients; client; client = client->next)
    if (client->watches) answer(client, line);
}

void clients_finish(void) {
  state.finishing = true;
  for (struct client *client = state.clients; client; client = client->next) {
    client->stdin_open = false;
    client->ending = true;
    if (client->attached && client->queue.length == 0) end_attachment(client, "closed");
  }
  sweep();
}

bool clients_done(void) {
  for (struct client *client = state.clients; client; client = client->next)
    if (client->attached) return false;
  return true;
}
