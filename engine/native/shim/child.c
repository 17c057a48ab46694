/* The child: from the shim's copy to the user's program, one step of the daemon's list after the other. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim.h"

int child_send_master(const struct child *child, int master) {
  char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
  struct iovec part = {.iov_base = "console", .iov_len = 7};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &master, sizeof master);
  return sendmsg(child->channel, &message, 0) < 0 ? -1 : 0;
}

/* "failed INDEX NAME ERRNO DETAIL": the daemon knows its own steps by their index. */
static _Noreturn void fail(const struct child *child, int index, const char *name) {
  char text[400];
  int error = errno;
  int length = snprintf(text, sizeof text, "failed %d %s %d %s", index, name, error, child->detail);
  send(child->channel, text, (size_t)length, MSG_NOSIGNAL);
  _exit(127);
}

static const struct step *find_step(const char *name) {
  static const struct step *const tables[] = {file_steps, mount_steps, process_steps, security_steps};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    for (const struct step *step = tables[i]; step->name; step++)
      if (strcmp(step->name, name) == 0) return step;
  return NULL;
}

static void reset_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigset_t none;
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void child_run(const struct program *program, int channel) {
  static char *empty[] = {NULL};
  struct child child = {.channel = channel, .environment = empty};
  reset_signals();
  for (int i = program->first_step; i < program->count; i++) {
    const struct record *record = &program->records[i];
    const struct step *step = find_step(record->words[0]);
    errno = EINVAL;
    if (!step || record->count - 1 < step->arguments || step->run(&child, record->words + 1) < 0)
      fail(&child, i - program->first_step, record->words[0]);
  }
  errno = EINVAL; /* the last step should have been exec */
  fail(&child, program->count - program->first_step, "end");
}
