/** What the flags of `docker create` and `docker run` say of networks and ports, as the API takes it. */
import type { ContainerCreateRequest, HostConfig } from "../../api/container.ts";
import type { EndpointRequest } from "../../api/network.ts";
import { EngineError } from "../../base/errors.ts";
import { parseExposeSpec, parsePortSpecs } from "../../base/port-spec.ts";
import type { ContainerFlagValues } from "./container-flags.ts";
import { isUserDefined, type NetworkAttachment } from "./network-spec.ts";

/** The parts of a request that are about the network. */
export interface NetworkRequest {
  readonly exposedPorts: Readonly<Record<string, object>>;
  readonly hostConfig: Pick<HostConfig, "NetworkMode" | "PortBindings" | "PublishAllPorts" | "Links">;
  readonly networking: NonNullable<ContainerCreateRequest["NetworkingConfig"]>;
}

const MAC = /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/i;
const DEFAULT = "default";

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

/** "published=80,target=8080" as a port specification. */
function standardNotation(text: string): string {
  if (!text.includes("=")) return text;
  const fields: Record<string, string> = { protocol: "tcp" };
  for (const field of text.split(",")) {
    const [, name, value = ""] = /^([^=]+)=(.*)$/s.exec(field) ?? [];
    if (name === undefined) refuse(`invalid publish opts format (should be name=value but got '${field}')`);
    fields[name] = value;
  }
  return `${fields["published"] ?? ""}:${fields["target"] ?? ""}/${fields["protocol"] ?? ""}`;
}

function portBindings(published: readonly string[]): NonNullable<HostConfig["PortBindings"]> {
  const specs = parsePortSpecs(published.map(standardNotation));
  return Object.fromEntries(
    [...specs].map(([port, bindings]) => [
      port,
      bindings.map(({ hostIp, hostPort }) => ({ HostIp: hostIp, HostPort: hostPort })),
    ]),
  );
}

/** What a network says itself or a flag says of it. Throws where both do. */
function either<T extends string | readonly string[]>(own: T, flag: T, what: string): T {
  if (own.length > 0 && flag.length > 0) refuse(`conflicting options: cannot specify both ${what}`);
  return flag.length > 0 ? flag : own;
}

/** The first network also gets what is said by flags of its own. */
function withFlags(first: NetworkAttachment, values: ContainerFlagValues): NetworkAttachment {
  const links = isUserDefined(first.target) ? values.link : [];
  return {
    ...first,
    aliases: either(first.aliases, values["network-alias"], "--network-alias and per-network alias"),
    links,
    ipv4: either(first.ipv4, values.ip, "--ip and per-network IPv4 address"),
    ipv6: either(first.ipv6, values.ip6, "--ip6 and per-network IPv6 address"),
    mac: either(first.mac, values["mac-address"], "--mac-address and per-network MAC address"),
    linkLocal: either(
      first.linkLocal,
      values["link-local-ip"],
      "--link-local-ip and per-network link-local IP addresses",
    ),
  };
}

function endpointOf(attachment: NetworkAttachment): EndpointRequest {
  const { target, aliases, links, ipv4, ipv6, mac, linkLocal, driverOptions, priority } = attachment;
  if (target.trim() === "") refuse("no name set for network");
  if (!isUserDefined(target)) {
    if (aliases.length > 0) refuse("network-scoped aliases are only supported for user-defined networks");
    if (links.length > 0) refuse("links are only supported for user-defined networks");
  }
  if (mac !== "" && !MAC.test(mac)) refuse(`${mac} is not a valid mac address`);
  const addresses = {
    ...(ipv4 === "" ? {} : { IPv4Address: ipv4 }),
    ...(ipv6 === "" ? {} : { IPv6Address: ipv6 }),
    ...(linkLocal.length > 0 ? { LinkLocalIPs: linkLocal } : {}),
  };
  return {
    IPAMConfig: Object.keys(addresses).length > 0 ? addresses : null,
    Links: links.length > 0 ? links : null,
    Aliases: aliases.length > 0 ? aliases : null,
    MacAddress: mac,
    DriverOpts: Object.keys(driverOptions).length > 0 ? driverOptions : null,
    GwPriority: priority,
  };
}

function isPlain({
  IPAMConfig,
  Links,
  Aliases,
  MacAddress,
  DriverOpts,
  GwPriority,
}: EndpointRequest): boolean {
  return !IPAMConfig && !Links && !Aliases && !MacAddress && !DriverOpts && !GwPriority;
}

/** Endpoints by network. That of a single network of which nothing is said is left for the daemon to make. */
function endpoints(values: ContainerFlagValues): Record<string, EndpointRequest> {
  const [first, ...others] = values.network;
  const bare: NetworkAttachment = { target: DEFAULT, ...NOTHING };
  if (!first) return { [DEFAULT]: endpointOf(withFlags(bare, values)) };
  const all = [withFlags(first, values), ...others];
  const result: Record<string, EndpointRequest> = {};
  for (const attachment of all) {
    const endpoint = endpointOf(attachment);
    if (attachment.target in result)
      refuse(`network ${JSON.stringify(attachment.target)} is specified multiple times`);
    if (all.length > 1 || !isPlain(endpoint)) result[attachment.target] = endpoint;
  }
  const kinds = new Set(all.map(({ target }) => isUserDefined(target)));
  if (kinds.size > 1)
    refuse("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
  return result;
}

const NOTHING: Omit<NetworkAttachment, "target"> = {
  aliases: [],
  links: [],
  ipv4: "",
  ipv6: "",
  mac: "",
  linkLocal: [],
  driverOptions: {},
  priority: 0,
};

/** Throws "invalid", in Docker's words, where flags make no sense. */
export function networkRequest(values: ContainerFlagValues): NetworkRequest {
  const bindings = portBindings(values.publish);
  const exposed = [...Object.keys(bindings), ...values.expose.flatMap(parseExposeSpec)];
  return {
    exposedPorts: Object.fromEntries(exposed.map(port => [port, {}])),
    hostConfig: {
      NetworkMode: values.network[0]?.target ?? DEFAULT,
      PortBindings: bindings,
      PublishAllPorts: values["publish-all"],
      Links: values.link.length > 0 ? values.link : null,
    },
    networking: { EndpointsConfig: endpoints(values) },
  };
}
