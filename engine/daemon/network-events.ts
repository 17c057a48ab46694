import type { Network } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";

/** What events say of a network: its name and driver, and what is given. */
export function publishNetworkEvent(
  daemon: Daemon,
  { id, name, driver }: Network,
  action: "create" | "connect" | "disconnect" | "destroy",
  attributes: Readonly<Record<string, string>> = {},
): void {
  daemon.events.publish("network", action, id, { ...attributes, name, type: driver });
}
