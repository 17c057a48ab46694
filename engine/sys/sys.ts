import type { Bytes } from "./bytes.ts";
import type { Clock } from "./clock.ts";
import type { Files } from "./files.ts";
import type { Machine, Mounts } from "./kernel.ts";
import type { Networks } from "./network.ts";
import type { Processes } from "./processes.ts";
import type { Relays, Sockets } from "./streams.ts";
import type { Terminals } from "./terminals.ts";
import type { Trees } from "./trees.ts";
import type { Views } from "./views.ts";

/**
 * Everything that the engine knows of the world outside itself. It is injected; a consumer takes the facets that
 * it needs. `quickjs/` is the real one, `fake/` records what tests do.
 */
export interface Sys {
  readonly files: Files;
  readonly trees: Trees;
  readonly views: Views;
  readonly mounts: Mounts;
  readonly networks: Networks;
  readonly processes: Processes;
  readonly sockets: Sockets;
  readonly relays: Relays;
  readonly terminals: Terminals;
  readonly bytes: Bytes;
  readonly clock: Clock;
  readonly machine: () => Machine;
}
