import type { NetworkPruneReport } from "../api/network.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import { decodeTimeOption, encodeTimeOption } from "../base/time-option.ts";
import { isPredefined, type Network } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { publishNetworkEvent } from "./network-events.ts";

/** Removes a network that no running container is in. */
export async function removeNetwork(daemon: Daemon, name: string): Promise<void> {
  await remove(daemon, daemon.networking.manager.index.find(name));
}

async function remove(daemon: Daemon, network: Network): Promise<void> {
  await daemon.networking.manager.remove(network);
  publishNetworkEvent(daemon, network, "destroy");
}

/** The `until` filter's moment, in milliseconds since 1970; null where there is none. */
function moment(filters: Filters, now: number): number | null {
  const [value, another] = filters.get("until");
  if (another !== undefined) throw new EngineError("invalid", "more than one until filter specified");
  if (value === undefined) return null;
  const present = { seconds: Math.floor(now / 1000), nanoseconds: (now % 1000) * 1e6 };
  const { seconds, nanoseconds } = decodeTimeOption(encodeTimeOption(value, present));
  return seconds * 1000 + nanoseconds / 1e6;
}

function isWanted(network: Network, filters: Filters, until: number | null): boolean {
  return (
    (until === null || Date.parse(network.created) <= until) &&
    filters.every("label", wanted => hasLabel(network.labels, wanted)) &&
    filters.every("label!", unwanted => !hasLabel(network.labels, unwanted))
  );
}

/** Removes all networks that somebody made and no running container is in. */
export async function pruneNetworks(daemon: Daemon, filters: Filters): Promise<NetworkPruneReport> {
  filters.checkKeys(["label", "label!", "until"]);
  const until = moment(filters, daemon.sys.clock.now());
  const { manager, endpoints } = daemon.networking;
  const deleted: string[] = [];
  for (const network of manager.index.all()) {
    const isUsed = isPredefined(network.name) || endpoints.of(network).length > 0;
    if (isUsed || !isWanted(network, filters, until)) continue;
    try {
      await remove(daemon, network);
      deleted.push(network.name);
    } catch (error) {
      daemon.log("warning", `could not remove local network ${network.name}: ${messageOf(error)}`);
    }
  }
  daemon.events.publish("network", "prune", "", { reclaimed: "0" });
  return { NetworksDeleted: deleted.length > 0 ? deleted : null };
}
