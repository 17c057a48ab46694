import type { ContainerSummary } from "../api/container.ts";
import { EngineError } from "../base/errors.ts";
import { type Filters, hasLabel, matchesText } from "../base/filters.ts";
import { formatReference, parseFamiliar, withDefaultTag } from "../base/reference.ts";
import type { Container } from "../container/container.ts";
import { isRunning, NEVER } from "../container/state.ts";
import { commandText, statusText } from "./container-view.ts";
import type { Daemon } from "./daemon.ts";
import { containerSizes } from "./inspect-container.ts";
import { mountViews } from "./mount-view.ts";
import { resolveImage } from "./resolve-image.ts";

export interface ListOptions {
  /** Also those that don't run. */
  readonly all: boolean;
  /** Only the last so many of those that match; 0 means no limit. Implies `all`. */
  readonly limit: number;
  readonly size: boolean;
  readonly filters: Filters;
}

const KEYS = ["ancestor", "before", "exited", "id", "label", "name", "since", "status", "volume"];
const STATUSES = "created, running, paused, restarting, removing, exited, dead";

/** The image that a container was made from, or one of those below it. */
function descendsFrom(daemon: Daemon, container: Container, wanted: string): boolean {
  let id: string;
  try {
    ({ id } = resolveImage(daemon, wanted));
  } catch {
    return false;
  }
  for (let image = daemon.images.get(container.imageId); image; image = parentOf(daemon, image.parent))
    if (image.id === id) return true;
  return false;
}

function parentOf(daemon: Daemon, parent: string | null): ReturnType<Daemon["images"]["get"]> {
  return parent === null ? undefined : daemon.images.get(parent);
}

function checkFilters(filters: Filters): void {
  filters.checkKeys(KEYS);
  for (const status of filters.get("status"))
    if (!STATUSES.split(", ").includes(status))
      throw new EngineError(
        "invalid",
        `invalid filter 'status=${status}': invalid value for state (${status}): must be one of ${STATUSES}`,
      );
  for (const code of filters.get("exited"))
    if (!/^[+-]?\d+$/.test(code))
      throw new EngineError(
        "invalid",
        `invalid filter 'exited=${code}': strconv.Atoi: parsing ${JSON.stringify(code)}: invalid syntax`,
      );
}

/** Whether one container alone has an id that starts so. */
function isPrefixOf(daemon: Daemon, prefix: string, id: string): boolean {
  return (
    id.startsWith(prefix) && daemon.containers.all().filter(other => other.id.startsWith(prefix)).length === 1
  );
}

/** Whether a mount has this name, this source where it has no name, or this place. */
function mountsAs({ mountPoints }: Container, wanted: string): boolean {
  return Object.values(mountPoints).some(
    ({ Name: name, Source: source, Destination: place }) => wanted === (name || source) || wanted === place,
  );
}

function hasExited({ state }: Container): boolean {
  return !isRunning(state.status) && state.startedAt !== NEVER;
}

function passes(daemon: Daemon, container: Container, filters: Filters): boolean {
  const { state, config, id, name } = container;
  return (
    filters.some("id", wanted => isPrefixOf(daemon, wanted, id)) &&
    filters.some("name", wanted => matchesText(name, wanted) || matchesText(`/${name}`, wanted)) &&
    filters.every("label", wanted => hasLabel(config.Labels, wanted)) &&
    filters.some("status", wanted => wanted === state.status) &&
    (!filters.has("exited") ||
      (hasExited(container) && filters.some("exited", code => Number(code) === state.exitCode))) &&
    filters.some("ancestor", wanted => descendsFrom(daemon, container, wanted)) &&
    filters.some("volume", wanted => mountsAs(container, wanted))
  );
}

/** Containers made before or since others, as the filters of these names ask. */
function within(daemon: Daemon, containers: readonly Container[], filters: Filters): readonly Container[] {
  let found = containers;
  for (const wanted of filters.get("before")) {
    const limit = daemon.containers.find(wanted);
    found = found.slice(0, Math.max(0, found.indexOf(limit)));
  }
  for (const wanted of filters.get("since")) {
    const limit = daemon.containers.find(wanted);
    found = found.slice(found.indexOf(limit) + 1);
  }
  return found;
}

/** The name that the image was asked for by, or its id where that name means another image now. */
function imageShown(daemon: Daemon, container: Container): string {
  const name = container.config.Image;
  if (container.imageId.startsWith(`sha256:${name}`) || container.imageId === name) return name;
  try {
    const id = daemon.references.get(parseFamiliar(formatReference(withDefaultTag(parseFamiliar(name)))));
    return id === container.imageId ? name : container.imageId;
  } catch {
    return name;
  }
}

/** Containers as `docker ps` lists them, the newest first. */
export function listContainers(daemon: Daemon, options: ListOptions): ContainerSummary[] {
  const { filters } = options;
  checkFilters(filters);
  const all = options.all || options.limit > 0 || filters.has("status");
  const found = within(daemon, daemon.containers.all(), filters).toReversed();
  const now = daemon.sys.clock.now();
  const passing = found.filter(
    container => (all || isRunning(container.state.status)) && passes(daemon, container, filters),
  );
  const chosen = options.limit > 0 ? passing.slice(0, options.limit) : passing;
  return chosen.map(container => summarize(daemon, container, options.size, now));
}

function summarize(daemon: Daemon, container: Container, withSize: boolean, now: number): ContainerSummary {
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: imageShown(daemon, container),
    ImageID: container.imageId,
    Command: commandText(container),
    Created: Math.floor(Date.parse(container.created) / 1000),
    Ports: [],
    ...(withSize ? containerSizes(daemon, container) : {}),
    Labels: container.config.Labels,
    State: container.state.status,
    Status: statusText(container.state, now),
    HostConfig: { NetworkMode: container.hostConfig.NetworkMode },
    NetworkSettings: { Networks: {} },
    Mounts: mountViews(container),
  };
}
