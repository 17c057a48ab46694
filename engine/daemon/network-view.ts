import type { ContainerInspect } from "../api/container.ts";
import type { EndpointResource, IpamConfigView, NetworkInspect } from "../api/network.ts";
import type { Container } from "../container/container.ts";
import type { EndpointSettings, EndpointView } from "../container/networking.ts";
import { type IpamConfig, type Network, prefixOf, type Subnet } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";

function given(config: IpamConfig): IpamConfigView {
  const { Subnet = "", IPRange = "", Gateway = "", AuxiliaryAddresses } = config;
  return {
    Subnet,
    ...(IPRange ? { IPRange } : {}),
    ...(Gateway ? { Gateway } : {}),
    ...(AuxiliaryAddresses && Object.keys(AuxiliaryAddresses).length > 0 ? { AuxiliaryAddresses } : {}),
  };
}

/** As it was asked for, or as it was chosen where nothing was. */
function familyConfig(network: Network, family: 4 | 6, subnet: Subnet | null): IpamConfigView[] {
  const asked = network.ipam.config.filter(
    ({ Subnet = "" }) => (Subnet.includes(":") ? 6 : 4) === family && Subnet !== "",
  );
  if (asked.length > 0) return asked.map(given);
  if (!subnet) return [];
  return [{ Subnet: subnet.subnet, ...(subnet.gateway ? { Gateway: subnet.gateway } : {}) }];
}

function withPrefix(address: string | null, subnet: Subnet | null): string {
  return address && subnet ? `${address}/${prefixOf(subnet.subnet).bits}` : "";
}

function attachments(daemon: Daemon, network: Network): Record<string, EndpointResource> {
  const found = daemon.networking.endpoints.of(network).map(endpoint => {
    const resource: EndpointResource = {
      Name: endpoint.name,
      EndpointID: endpoint.id,
      MacAddress: endpoint.mac,
      IPv4Address: withPrefix(endpoint.ipv4, network.ipv4),
      IPv6Address: withPrefix(endpoint.ipv6, network.ipv6),
    };
    return [endpoint.containerId, resource] as const;
  });
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A network as the API tells of it; `detailed` with its containers. */
export function networkView(daemon: Daemon, network: Network, detailed: boolean): NetworkInspect {
  const { ipam } = network;
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: "local",
    Driver: network.driver,
    EnableIPv4: network.enableIPv4,
    EnableIPv6: network.enableIPv6,
    IPAM: {
      Driver: ipam.driver,
      Options: ipam.options,
      Config: network.bridge
        ? [...familyConfig(network, 4, network.ipv4), ...familyConfig(network, 6, network.ipv6)]
        : null,
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: detailed ? attachments(daemon, network) : {},
    Options: network.options,
    Labels: network.labels,
  };
}

/** An endpoint as `docker inspect` shows it. */
export function endpointView({ DesiredMacAddress, ...view }: EndpointSettings): EndpointView {
  return view.EndpointID === "" ? { ...view, MacAddress: DesiredMacAddress } : view;
}

const NO_DEFAULT = {
  EndpointID: "",
  Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
  IPAddress: "",
  IPPrefixLen: 0,
  IPv6Gateway: "",
  MacAddress: "",
} as const;

/** What old clients read: the endpoint in the default network. */
function defaultEndpoint(
  settings: EndpointSettings | undefined,
): Record<keyof typeof NO_DEFAULT, string | number> {
  if (!settings) return NO_DEFAULT;
  const { EndpointID, Gateway, IPAddress, IPPrefixLen, IPv6Gateway, MacAddress } = settings;
  const { GlobalIPv6Address, GlobalIPv6PrefixLen } = settings;
  const six = { GlobalIPv6Address, GlobalIPv6PrefixLen };
  return { EndpointID, Gateway, ...six, IPAddress, IPPrefixLen, IPv6Gateway, MacAddress };
}

/** A container's endpoints by the names of their networks, in their order. */
export function networkViews({ networking }: Container): Record<string, EndpointView> {
  const views = Object.entries(networking.networks).map(
    ([name, settings]) => [name, endpointView(settings)] as const,
  );
  return Object.fromEntries(views.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A container's `NetworkSettings`. */
export function networkSettings(container: Container): ContainerInspect["NetworkSettings"] {
  const { sandboxId, sandboxKey, ports, networks } = container.networking;
  return {
    Bridge: "",
    SandboxID: sandboxId,
    SandboxKey: sandboxKey,
    Ports: ports,
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    ...defaultEndpoint(networks["bridge"]),
    Networks: networkViews(container),
  };
}
