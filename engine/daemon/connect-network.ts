import { EngineError, messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import {
  type EndpointView,
  networkOfMode,
  newEndpointSettings,
  sharedContainer,
} from "../container/networking.ts";
import { isRunning } from "../container/state.ts";
import { isUserDefined, type Network } from "../network/network.ts";
import { serveNames } from "./container-names.ts";
import type { Daemon } from "./daemon.ts";
import { checkEndpoint } from "./endpoint-checks.ts";
import {
  applyEndpointRules,
  endpointsOf,
  joinNetwork,
  leaveNetwork,
  settleGateway,
} from "./join-networks.ts";
import { publishNetworkEvent } from "./network-events.ts";
import { addHostEntries, removeHostEntries, resolvConfText, updateResolvConf } from "./network-files.ts";

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

const SHARED =
  "container sharing network namespace with another container or host cannot be connected to any other network";
const NONE =
  "container cannot be connected to multiple networks with one of the networks in private (none) mode";
const TO_HOST = "cannot connect container to host network - container must be created in host network mode";
const FROM_HOST =
  "cannot disconnect container from host network - container was created in host network mode";

/** Throws where a container's networks don't go together with another. */
function checkCombination(daemon: Daemon, container: Container, network: Network): void {
  const { NetworkMode: mode } = container.hostConfig;
  if (sharedContainer(mode) !== null) refuse(SHARED);
  if (mode !== "host" && network.driver === "host") refuse(TO_HOST);
  for (const name of Object.keys(container.networking.networks)) {
    const other = daemon.networking.manager.index.byName(name);
    if (!other || other.id === network.id) continue;
    if (other.driver === "host" || network.driver === "host") refuse(SHARED);
    if (other.driver === "null" || network.driver === "null") refuse(NONE);
  }
}

function checkNotLeaving({ id, state }: Container): void {
  if (state.status !== "removing" && state.status !== "dead") return;
  const what = `Container ${id} is marked for removal and cannot be connected or disconnected to the network`;
  throw new EngineError("system", what);
}

/** A mode that names a network by the start of its id is made to name it by all of it. */
function normalizeMode(daemon: Daemon, { hostConfig }: Container): boolean {
  const mode = networkOfMode(hostConfig.NetworkMode);
  if (!isUserDefined(mode)) return false;
  const { id, name } = daemon.networking.manager.index.find(mode);
  if (mode === id || mode === name) return false;
  hostConfig.NetworkMode = id;
  return true;
}

/** Connects a container to a network, now if it runs, or when it will. */
export async function connectNetwork(
  daemon: Daemon,
  networkName: string,
  containerName: string,
  asked: Partial<EndpointView>,
): Promise<void> {
  const container = daemon.containers.find(containerName);
  await daemon.live.of(container).mutex.run(async () => {
    checkNotLeaving(container);
    const network = daemon.networking.manager.index.find(networkName);
    checkCombination(daemon, container, network);
    checkEndpoint(network, asked);
    if (isRunning(container.state.status)) await connectRunning(daemon, container, network, asked);
    else if (!container.networking.networks[network.name])
      container.networking.networks[network.name] = {
        ...newEndpointSettings(asked),
        NetworkID: network.id,
      };
    daemon.containerFiles.save(container);
  });
}

async function connectRunning(
  daemon: Daemon,
  container: Container,
  network: Network,
  asked: Partial<EndpointView>,
): Promise<void> {
  const { networks } = container.networking;
  if (normalizeMode(daemon, container)) daemon.containerFiles.saveHostConfig(container);
  if (networks[network.name]?.EndpointID) {
    const what = `endpoint with name ${container.name} already exists in network ${network.name}`;
    throw new EngineError("forbidden", what);
  }
  const before = resolvConfText(daemon, container);
  const settings = newEndpointSettings(asked);
  const endpoint = joinNetwork(daemon, container, network, settings);
  networks[network.name] = settings;
  try {
    await applyEndpointRules(daemon, [endpoint]);
    await settleGateway(daemon, container);
  } catch (error) {
    delete networks[network.name];
    await leaveNetwork(daemon, endpoint);
    await settleGateway(daemon, container);
    throw error;
  }
  addHostEntries(daemon, container, endpoint);
  serveNames(daemon, container);
  updateResolvConf(daemon, container, before);
  publishNetworkEvent(daemon, network, "connect", { container: container.id });
}

/** The network that a client means; with `force`, undefined where it is gone. */
function findOrForce(daemon: Daemon, name: string, force: boolean): Network | undefined {
  try {
    return daemon.networking.manager.index.find(name);
  } catch (error) {
    if (force) return undefined;
    throw error;
  }
}

/** Takes a container out of a network. */
export async function disconnectNetwork(
  daemon: Daemon,
  networkName: string,
  containerName: string,
  force: boolean,
): Promise<void> {
  const container = daemon.containers.find(containerName);
  await daemon.live.of(container).mutex.run(async () => {
    const runs = isRunning(container.state.status);
    const network = findOrForce(daemon, networkName, force || !runs);
    if (runs && network) await disconnectRunning(daemon, container, network);
    else {
      checkNotLeaving(container);
      const name = network?.name ?? networkName;
      if (!container.networking.networks[name])
        throw new EngineError("system", `container ${container.id} is not connected to the network ${name}`);
      delete container.networking.networks[name];
    }
    daemon.containerFiles.save(container);
  });
}

async function disconnectRunning(daemon: Daemon, container: Container, network: Network): Promise<void> {
  if (container.hostConfig.NetworkMode === "host" && network.driver === "host") refuse(FROM_HOST);
  const endpoint = endpointsOf(daemon, container).find(({ network: { id } }) => id === network.id);
  if (!endpoint)
    throw new EngineError("system", `container ${container.id} is not connected to network ${network.name}`);
  try {
    await leaveNetwork(daemon, endpoint);
  } catch (error) {
    const what = `container ${container.id} failed to leave network ${network.name}: ${messageOf(error)}`;
    throw new EngineError("system", what, { cause: error });
  }
  delete container.networking.networks[network.name];
  await settleGateway(daemon, container);
  removeHostEntries(daemon, container, endpoint);
  publishNetworkEvent(daemon, network, "disconnect", { container: container.id });
}
