/* Starts the process of one service. */
#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>

#include "table.h"

/*
 * Forks and executes a service in a session of its own, with default signals, a clean environment and its output in
 * its log. Returns the pid once the program runs, or a negated errno when it could not be executed.
 */
pid_t spawn(const struct service_config *config);

#endif
