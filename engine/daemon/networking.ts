import type { Bridges } from "../network/bridges.ts";
import type { Endpoints } from "../network/endpoints.ts";
import type { Firewall } from "../network/firewall.ts";
import type { NameServers } from "../network/name-servers.ts";
import type { NetworkManager } from "../network/network-manager.ts";
import type { NetworkSettings } from "../network/network-settings.ts";
import type { PortPublisher } from "../network/port-publisher.ts";
import type { RuleMode } from "../network/rules.ts";

/** The parts of the daemon that make containers reach each other and the world. */
export interface Networking {
  readonly settings: NetworkSettings;
  readonly manager: NetworkManager;
  readonly endpoints: Endpoints;
  readonly ports: PortPublisher;
  readonly firewall: Firewall;
  readonly bridges: Bridges;
  readonly nameServers: NameServers;
  readonly mode: RuleMode;
}
