/* Starts services, keeps them running and stops them; reaps whatever else becomes a child of init. */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "journal.h"
#include "table.h"

enum service_state {
  SERVICE_STOPPED,
  SERVICE_STARTING, /* runs, but its ready socket does not answer yet */
  SERVICE_RUNNING,
  SERVICE_STOPPING, /* was told to end */
  SERVICE_WAITING,  /* died; is started again when its back-off is over */
  SERVICE_FAILED,   /* died, and its policy is to leave it at that */
};

struct service {
  struct service_config config;
  enum service_state state;
  bool restart;      /* to be started again as soon as it has stopped */
  pid_t pid;         /* 0 when there is no process */
  int status;        /* how it last ended, as of waitpid; -1 when it never did */
  unsigned restarts; /* how often it was started again by itself */
  int64_t changed;   /* when state changed, seconds of the wall clock */
  int64_t started;   /* when it was last started, milliseconds of the monotonic clock */
  int64_t due;       /* when to look at it again, likewise; 0 for never */
  int delay;         /* the next back-off, milliseconds */
};

#define SERVICES_MOST 16

struct supervisor {
  struct journal journal;
  const char *table;
  struct service services[SERVICES_MOST];
  int count;
};

int64_t now_ms(void);

/* Reads the table, at first or again: a service that is still in it goes on as it is. 0, or -1 with a problem. */
int supervisor_load(struct supervisor *supervisor, char *problem, int problem_size);

/* Adds a service that is not in the table. */
struct service *supervisor_add(struct supervisor *supervisor, const struct service_config *config);

struct service *supervisor_find(struct supervisor *supervisor, const char *name);

/* Each returns at once; the service has settled when service_settled says so. */
void service_start(struct supervisor *supervisor, struct service *service);
void service_stop(struct supervisor *supervisor, struct service *service);
void service_restart(struct supervisor *supervisor, struct service *service);

/* Whether nothing that was asked of it is still under way. */
bool service_settled(const struct service *service);

/* To be called after SIGCHLD: collects every child that ended. */
void supervisor_reap(struct supervisor *supervisor);

/* Does what has become due, and returns after how many milliseconds something else will; -1 for never. */
int supervisor_tick(struct supervisor *supervisor);

#endif
