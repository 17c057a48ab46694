/* The json-file log: one JSON object a line of output, rotated by size. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/timestamp.h"
#include "shim.h"

#define LINE_LIMIT (16 * 1024) /* longer lines are logged in pieces, as Docker does */

static struct {
  const char *path; /* NULL: this container keeps no log */
  int fd;
  long long size, max_size; /* max_size 0 means no limit */
  int max_files;
  struct {
    uint8_t text[LINE_LIMIT];
    size_t length;
  } lines[2]; /* of stdout and stderr, as far as they have come */
} state = {.fd = -1};

static void open_file(void) {
  state.fd = open(state.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (state.fd < 0) die("%s: %s", state.path, strerror(errno));
  state.size = lseek(state.fd, 0, SEEK_END);
}

/* log PATH MAX-SIZE MAX-FILES */
void log_init(const struct record *setting) {
  state.path = setting_word(setting, 1, NULL);
  if (!state.path) return;
  state.max_size = atoll(setting_word(setting, 2, "0"));
  state.max_files = atoi(setting_word(setting, 3, "1"));
  open_file();
}

/* FILE becomes FILE.1, FILE.1 becomes FILE.2 and so on; the last is dropped. */
static void rotate(void) {
  char from[4096], to[4096];
  close(state.fd);
  for (int i = state.max_files - 1; i > 0; i--) {
    snprintf(to, sizeof to, "%s.%d", state.path, i);
    if (i > 1)
      snprintf(from, sizeof from, "%s.%d", state.path, i - 1);
    else
      snprintf(from, sizeof from, "%s", state.path);
    rename(from, to);
  }
  if (state.max_files <= 1) truncate(state.path, 0);
  open_file();
}

/* The length of a valid UTF-8 sequence at the start of the text, 0 where there is none. */
static size_t sequence_length(const uint8_t *text, size_t length) {
  uint8_t first = text[0];
  size_t want = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3
                : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (want == 0 || want > length) return 0;
  for (size_t i = 1; i < want; i++)
    if ((text[i] & 0xc0) != 0x80) return 0;
  bool overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
  bool surrogate = first == 0xed && text[1] >= 0xa0, beyond = first == 0xf4 && text[1] >= 0x90;
  return overlong || surrogate || beyond ? 0 : want;
}

/* JSON text as Go's encoder writes it: <, > and & are escaped, what is no UTF-8 becomes U+FFFD. */
static size_t escape(char *out, const uint8_t *text, size_t length) {
  char *at = out;
  for (size_t i = 0; i < length;) {
    uint8_t c = text[i];
    size_t sequence = sequence_length(text + i, length - i);
    if (sequence == 0) {
      at += sprintf(at, "\\ufffd");
      sequence = 1;
    } else if (c == '"' || c == '\\') {
      *at++ = '\\';
      *at++ = (char)c;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      *at++ = '\\';
      *at++ = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
      at += sprintf(at, "\\u%04x", c);
    } else {
      memcpy(at, text + i, sequence);
      at += sequence;
    }
    i += sequence;
  }
  return (size_t)(at - out);
}

static void write_line(int stream, const uint8_t *text, size_t length) {
  static char record[LINE_LIMIT * 6 + 128];
  char *at = record;
  memcpy(at, "{\"log\":\"", 8);
  at += 8;
  at += escape(at, text, length);
  at += sprintf(at, "\",\"stream\":\"%s\",\"time\":\"", stream == STDERR ? "stderr" : "stdout");
  at += format_now(at);
  memcpy(at, "\"}\n", 3);
  size_t size = (size_t)(at + 3 - record);
  if (state.max_size > 0 && state.size + (long long)size > state.max_size && state.size > 0) rotate();
  /* A full disk loses log lines, as it does with Docker: the container must not stop for that. */
  if (write(state.fd, record, size) == (ssize_t)size) state.size += (long long)size;
}

void log_write(int stream, const uint8_t *data, size_t length) {
  if (!state.path) return;
  size_t *held = &state.lines[stream == STDERR].length;
  uint8_t *line = state.lines[stream == STDERR].text;
  while (length > 0) {
    const uint8_t *newline = memchr(data, '\n', length);
    size_t take = newline ? (size_t)(newline - data) + 1 : length;
    if (take > LINE_LIMIT - *held) {
      take = LINE_LIMIT - *held;
      newline = NULL;
    }
    memcpy(line + *held, data, take);
    *held += take;
    data += take;
    length -= take;
    if (newline || *held == LINE_LIMIT) {
      write_line(stream, line, *held);
      *held = 0;
    }
  }
}

void log_flush(void) {
  if (!state.path) return;
  for (int i = 0; i < 2; i++)
    if (state.lines[i].length > 0) {
      write_line(i == 1 ? STDERR : STDOUT, state.lines[i].text, state.lines[i].length);
      state.lines[i].length = 0;
    }
}
