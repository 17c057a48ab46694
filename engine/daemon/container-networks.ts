import { EngineError } from "../base/errors.ts";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import {
  type EndpointSettings,
  type EndpointView,
  networkOfMode,
  newEndpointSettings,
  sharedContainer,
} from "../container/networking.ts";
import { isUserDefined } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { checkEndpoints } from "./endpoint-checks.ts";

/** What a client asks of a container's endpoints, by the names or ids of networks. */
export type AskedEndpoints = Readonly<Record<string, Partial<EndpointView> | null>>;

function conflict(what: string): never {
  throw new EngineError("invalid", `conflicting options: ${what}`);
}

/** Throws "invalid", in Docker's words, where a network mode excludes what else is asked for. */
export function checkNetworkMode(config: Partial<ContainerConfig>, hostConfig: HostConfig): void {
  if (hostConfig.UTSMode === "host" && config.Hostname) conflict("hostname and the UTS mode");
  const { NetworkMode: mode, Links } = hostConfig;
  const isShared = sharedContainer(mode) !== null;
  const links = "networking can't be used with links. This would result in undefined behavior";
  if (mode === "host" && Links?.length) conflict(`host type ${links}`);
  if (networkOfMode(mode) === "bridge" && Links?.length)
    throw new EngineError(
      "not-implemented",
      "links in the default network are not supported: connect the containers to a network that you have made",
    );
  if (!isShared) return;
  if (sharedContainer(mode) === "")
    throw new EngineError("invalid", "Container network mode: missing container id");
  if (config.Hostname) conflict("hostname and the network mode");
  if (Links?.length) conflict(`container type ${links.replace("networking", "network")}`);
  if (hostConfig.Dns.length > 0) conflict("dns and the network mode");
  if (hostConfig.ExtraHosts?.length) conflict("custom host-to-IP mapping and the network mode");
  if (Object.keys(hostConfig.PortBindings).length > 0 || hostConfig.PublishAllPorts)
    conflict("port publishing and the container type network mode");
  if (Object.keys(config.ExposedPorts ?? {}).length > 0)
    conflict("port exposing and the container type network mode");
}

/** What of a request has no effect. */
export function networkWarnings({ NetworkMode, PortBindings }: HostConfig): string[] {
  const isUseless = NetworkMode === "host" && Object.keys(PortBindings).length > 0;
  return isUseless ? ["Published ports are discarded when using host network mode"] : [];
}

/** A mode that names a container is made to name it by its id. */
export function resolveNetworkMode(daemon: Daemon, mode: string): string {
  const shared = sharedContainer(mode);
  if (!shared) return mode;
  const found = daemon.containers
    .all()
    .find(({ id, name }) => id === shared || name === shared || id.startsWith(shared));
  return found ? `container:${found.id}` : mode;
}

function findNetwork(
  daemon: Daemon,
  name: string,
): ReturnType<Daemon["networking"]["manager"]["index"]["get"]> {
  try {
    return daemon.networking.manager.index.find(name);
  } catch {
    return undefined; // it may be made before the container is started
  }
}

/**
 * The networks of a new container by name: those that are asked for, or that of its mode. Throws "invalid" where an
 * endpoint makes no sense.
 */
export function initialEndpoints(
  daemon: Daemon,
  mode: string,
  asked: AskedEndpoints,
): Record<string, EndpointSettings> {
  const { default: byDefault, ...others } = asked;
  const given: AskedEndpoints = byDefault ? { ...others, [networkOfMode(mode)]: byDefault } : others;
  checkEndpoints(given, name => findNetwork(daemon, name));
  if (sharedContainer(mode) !== null) return {};
  const endpoints: Record<string, EndpointSettings> = {};
  for (const [wanted, settings] of Object.entries(given)) {
    const network = isUserDefined(wanted) ? findNetwork(daemon, wanted) : undefined;
    endpoints[network?.name ?? wanted] = newEndpointSettings(settings ?? {});
  }
  if (Object.keys(endpoints).length > 0) return endpoints;
  const name = networkOfMode(mode);
  const network = isUserDefined(name) ? findNetwork(daemon, name) : undefined;
  return { [network?.name ?? name]: newEndpointSettings({}) };
}
