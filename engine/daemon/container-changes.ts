import type { ContainerChange } from "../api/archive.ts";
import { assert } from "../base/errors.ts";
import type { Daemon } from "./daemon.ts";

const KINDS = { modified: 0, added: 1, deleted: 2 } as const;

/** What a container has changed in the files of its image, sorted by path. */
export function containerChanges(daemon: Daemon, name: string): ContainerChange[] {
  const container = daemon.containers.find(name);
  const layer = daemon.layers.writable(container.id);
  assert(layer, `the writable layer of container ${container.id}`);
  const below = daemon.layers.viewBelow(layer, daemon.sys.views);
  try {
    return below.changesIn(layer.upper).map(({ kind, path }) => ({ Path: path, Kind: KINDS[kind] }));
  } finally {
    below.close();
  }
}
