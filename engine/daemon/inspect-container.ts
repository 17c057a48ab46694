import type { ContainerInspect } from "../api/container.ts";
import type { Container } from "../container/container.ts";
import type { Layer } from "../image/layer-store.ts";
import { stateView } from "./container-view.ts";
import type { Daemon } from "./daemon.ts";
import { mountViews } from "./mount-view.ts";

/** Where a container's root file system lies, as the overlay2 driver tells it. */
function graphData(daemon: Daemon, container: Container): Record<string, string> | null {
  const layer = daemon.layers.writable(container.id);
  if (!layer) return null;
  const [init, ...image] = layer.lower;
  const top = daemon.images.get(container.imageId)?.top ?? null;
  const files = daemon.layers.chain(top).map(below => daemon.layers.filesOf(below));
  const initFiles = init ? [layer.upper.replace(/\/diff$/, "-init/diff")] : [];
  const lower = files.length === image.length ? [...initFiles, ...files] : layer.lower;
  return {
    ID: container.id,
    LowerDir: lower.join(":"),
    MergedDir: layer.merged,
    UpperDir: layer.upper,
    WorkDir: layer.work,
  };
}

function chainSize(layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + layer.size, 0);
}

/** Bytes that a container has written, and bytes of all its files. */
export function containerSizes(daemon: Daemon, container: Container): { SizeRw: number; SizeRootFs: number } {
  const layer = daemon.layers.writable(container.id);
  const SizeRw = layer ? daemon.layers.writableSize(layer) : 0;
  const top = daemon.images.get(container.imageId)?.top ?? null;
  return { SizeRw, SizeRootFs: SizeRw + chainSize(daemon.layers.chain(top)) };
}

/** All that there is to know about a container. */
export function inspectContainer(daemon: Daemon, name: string, withSize: boolean): ContainerInspect {
  const container = daemon.containers.find(name);
  const path = (file: string): string =>
    container.hasStarted ? daemon.containerFiles.path(container.id, file) : "";
  const execs = [...daemon.live.of(container).execs].filter(id => daemon.execs.get(id)?.status === "running");
  return {
    Id: container.id,
    Created: container.created,
    Path: container.path,
    Args: container.args,
    State: stateView(container.state),
    Image: container.imageId,
    ResolvConfPath: path("resolv.conf"),
    HostnamePath: path("hostname"),
    HostsPath: path("hosts"),
    LogPath:
      container.hostConfig.LogConfig.Type === "json-file" && container.hasStarted
        ? daemon.containerFiles.logPath(container.id)
        : "",
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: "overlay2",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: execs.length > 0 ? execs : null,
    HostConfig: container.hostConfig,
    GraphDriver: { Data: graphData(daemon, container), Name: "overlay2" },
    ...(withSize ? containerSizes(daemon, container) : {}),
    Mounts: mountViews(container),
    Config: container.config,
    NetworkSettings: networkSettings(daemon, container),
  };
}

function networkSettings(daemon: Daemon, container: Container): object {
  const running = container.state.pid > 0;
  return {
    Bridge: "",
    SandboxID: running ? container.id : "",
    SandboxKey: running ? daemon.sandboxes.path(container.id) : "",
    Ports: {},
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: "",
    Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    IPAddress: "",
    IPPrefixLen: 0,
    IPv6Gateway: "",
    MacAddress: "",
    Networks: {},
  };
}
