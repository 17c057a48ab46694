import type { ContainerSummary } from "../../api/container.ts";
import { shortId } from "../../base/identifier.ts";
import { quote } from "../../base/quote.ts";
import { familiarName, familiarString, parseFamiliar } from "../../base/reference.ts";
import { goType, jsonText, NilPointer } from "../../base/template/template.ts";
import { humanSize } from "../../base/units.ts";
import { describePorts } from "../container-ports.ts";
import type { Headers } from "../format/rows.ts";
import { fullTime, htmlSafeJson, type RowOptions, since } from "../format/values.ts";
import { ellipsis } from "../text-width.ts";

const COMMAND_WIDTH = 20;
const MOUNT_WIDTH = 15;
const SIZE_DIGITS = 3;

/** The columns of `docker ps`. */
export const containerHeaders: Headers = {
  ID: "CONTAINER ID",
  Names: "NAMES",
  Image: "IMAGE",
  Command: "COMMAND",
  CreatedAt: "CREATED AT",
  RunningFor: "CREATED",
  Ports: "PORTS",
  State: "STATE",
  Status: "STATUS",
  Size: "SIZE",
  Labels: "LABELS",
  Mounts: "MOUNTS",
  LocalVolumes: "LOCAL VOLUMES",
  Networks: "NETWORKS",
  Platform: "PLATFORM",
};

/** A volume or bind mount of a container, as lists show it. */
interface MountSummary {
  readonly Name?: string;
  readonly Source?: string;
  readonly Driver?: string;
}

/** A container as templates of `docker ps` see it: a method for each column. */
export class ContainerRow {
  readonly [goType] = "*formatter.ContainerContext";
  readonly #container: ContainerSummary;
  readonly #options: RowOptions;
  /** Whether the size was asked for, which costs the daemon time to find. */
  usesSize = false;

  constructor(container: ContainerSummary, options: RowOptions) {
    this.#container = container;
    this.#options = options;
  }

  ID(): string {
    const { Id } = this.#container;
    return this.#options.truncate ? shortId(Id) : Id;
  }

  /** Without the aliases that links give. */
  Names(): string {
    const names = this.#container.Names.map(name => name.slice(1));
    const own = this.#options.truncate ? names.find(name => !name.includes("/")) : undefined;
    return own ?? names.join(",");
  }

  Image(): string {
    const { Image: image, ImageID: id } = this.#container;
    if (image === "") return "<no image>";
    if (!this.#options.truncate) return image;
    const short = shortId(id);
    if (short === shortId(image)) return short;
    // A bare name is as short as it gets; others cost a look at all of the reference.
    return /[@/]/.test(image) ? shortReference(image) : image;
  }

  Command(): string {
    const { Command: command } = this.#container;
    return quote(this.#options.truncate ? ellipsis(command, COMMAND_WIDTH) : command);
  }

  CreatedAt(): string {
    return fullTime(this.#container.Created, this.#options);
  }

  RunningFor(): string {
    return since(this.#container.Created, this.#options.now);
  }

  /** The daemon tells of no container's platform. */
  Platform(): NilPointer {
    return new NilPointer("*formatter.Platform");
  }

  Ports(): string {
    const { Ports: ports } = this.#container;
    return ports.length === 0 ? "" : describePorts(ports);
  }

  State(): string {
    return this.#container.State;
  }

  Status(): string {
    return this.#container.Status;
  }

  Size(): string {
    this.usesSize = true;
    const { SizeRw: written = 0, SizeRootFs: whole = 0 } = this.#container;
    const own = humanSize(written, SIZE_DIGITS);
    return whole > 0 ? `${own} (virtual ${humanSize(whole, SIZE_DIGITS)})` : own;
  }

  Labels(): string {
    const pairs = Object.entries(this.#container.Labels ?? {}).map(([name, value]) => `${name}=${value}`);
    return pairs.toSorted().join(",");
  }

  Label(name: string): string {
    return this.#container.Labels?.[name] ?? "";
  }

  Mounts(): string {
    const names = this.#mounts().map(({ Name: name, Source: source = "" }) => name || source);
    return (this.#options.truncate ? names.map(name => ellipsis(name, MOUNT_WIDTH)) : names).join(",");
  }

  LocalVolumes(): string {
    return String(this.#mounts().filter(({ Driver: driver }) => driver === "local").length);
  }

  Networks(): string {
    return Object.keys(this.#container.NetworkSettings?.Networks ?? {}).join(",");
  }

  [jsonText](): string {
    return htmlSafeJson({
      Command: this.Command(),
      CreatedAt: this.CreatedAt(),
      ID: this.ID(),
      Image: this.Image(),
      Labels: this.Labels(),
      LocalVolumes: this.LocalVolumes(),
      Mounts: this.Mounts(),
      Names: this.Names(),
      Networks: this.Networks(),
      Platform: this.Platform(),
      Ports: this.Ports(),
      RunningFor: this.RunningFor(),
      Size: this.Size(),
      State: this.State(),
      Status: this.Status(),
    });
  }

  #mounts(): readonly MountSummary[] {
    return this.#container.Mounts ?? [];
  }
}

/** As Docker writes it, without a digest. */
function shortReference(image: string): string {
  try {
    const reference = parseFamiliar(image);
    return reference.tag === undefined
      ? familiarName(reference)
      : familiarString({ ...reference, digest: undefined });
  } catch {
    return image;
  }
}

const nobody: ContainerSummary = {
  Id: "",
  Names: [],
  Image: "",
  ImageID: "",
  Command: "",
  Created: 0,
  Ports: [],
  Labels: {},
  State: "",
  Status: "",
  HostConfig: { NetworkMode: "" },
  NetworkSettings: { Networks: {} },
  Mounts: [],
};

/** A row of nothing, for a first trial of a template. */
export function emptyContainerRow(options: RowOptions): ContainerRow {
  return new ContainerRow(nobody, options);
}
