/* The network that a guest has by itself. */
#ifndef NETWORK_H
#define NETWORK_H

#include "journal.h"

/*
 * Brings up the loopback device and sandbox0: a dummy device with 198.18.0.1/15 (RFC 2544's range, routed nowhere)
 * and the default route. It leads nowhere; it makes outbound connections possible at all, which netfilter rules then
 * hand to the agent.
 */
void network_up(const struct journal *journal);

#endif
