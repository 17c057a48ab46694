import { createHash } from "node:crypto";
import { EngineError } from "../../engine/base/errors.ts";
import type { Dockerfile, Instruction, Step } from "./dockerfile.ts";
import type { Descriptor } from "./hub-index.ts";
import { type Layer, makeLayer } from "./layer.ts";

const mediaTypes = {
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  config: "application/vnd.oci.image.config.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
} as const;

/** What BuildKit gives an image that names no PATH. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** An image that was built: what a tag points at, and what that leads to. */
export interface BuiltImage {
  readonly descriptor: Descriptor;
  /** The layers of the image that it started from. */
  readonly inherited: readonly Descriptor[];
  /** Its own blobs with their bytes; the last one is what `descriptor` describes. */
  readonly blobs: readonly (Descriptor & { readonly bytes: Buffer })[];
}

/** What an image takes over from the one that it starts from. */
export interface BaseImage {
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly layers: readonly Descriptor[];
  /** The digests of the uncompressed layers. */
  readonly diffIds: readonly string[];
  readonly history: readonly History[];
}

/** An image's configuration; key names are those of the OCI image specification. */
export interface ImageConfig {
  Env: string[];
  User?: string;
  WorkingDir?: string;
  Entrypoint?: string[];
  Cmd?: string[];
  StopSignal?: string;
  Labels?: Record<string, string>;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
}

/** How one step of the Dockerfile shows in `docker history`. */
export interface History {
  readonly created: string;
  readonly created_by: string;
  readonly empty_layer?: boolean;
}

/** What `FROM scratch` starts with. */
const SCRATCH: BaseImage = { config: { Env: [] }, layers: [], diffIds: [], history: [] };

/**
 * Builds a linux/386 image from a Dockerfile, the files of a context folder and the image that the Dockerfile names:
 * an image index with one manifest, as real registries answer for a tag. The same inputs give the same bytes.
 */
export async function buildImage(
  dockerfile: Dockerfile,
  context: string,
  created: Date,
  base: BaseImage = SCRATCH,
): Promise<BuiltImage> {
  if (Number.isNaN(created.getTime())) throw new EngineError("invalid", "an image needs a date of creation");
  const config: ImageConfig = { ...base.config, Env: [...base.config.Env] };
  // A command is written for its entry point: a new one does not inherit it.
  if (dockerfile.steps.some(({ instruction }) => instruction.kind === "ENTRYPOINT")) delete config.Cmd;
  const layers: Layer[] = [];
  const history: History[] = [];
  for (const step of dockerfile.steps) {
    const layer = await layerOf(step.instruction, context, created);
    if (layer) layers.push(layer);
    else applyToConfig(step.instruction, config);
    history.push(historyOf(step, created, layer === undefined));
  }
  if (!config.Env.some(entry => entry.startsWith("PATH="))) config.Env.unshift(`PATH=${DEFAULT_PATH}`);
  return assemble({ base, config, layers, history, created });
}

function layerOf(instruction: Instruction, context: string, created: Date): Promise<Layer> | undefined {
  if (instruction.kind !== "ADD" && instruction.kind !== "COPY") return undefined;
  const unpack = instruction.kind === "ADD";
  return makeLayer(context, instruction.sources, instruction.target, { unpack, created });
}

function historyOf(step: Step, created: Date, isEmpty: boolean): History {
  const entry = { created: rfc3339(created), created_by: step.text };
  return isEmpty ? { ...entry, empty_layer: true } : entry;
}

function applyToConfig(instruction: Instruction, config: ImageConfig): void {
  switch (instruction.kind) {
    case "ENV":
      for (const [key, value] of instruction.pairs) {
        config.Env = [...config.Env.filter(entry => !entry.startsWith(`${key}=`)), `${key}=${value}`];
      }
      break;
    case "LABEL":
      config.Labels = { ...config.Labels, ...Object.fromEntries(instruction.pairs) };
      break;
    case "CMD":
      config.Cmd = [...instruction.argv];
      break;
    case "ENTRYPOINT":
      config.Entrypoint = [...instruction.argv];
      break;
    case "EXPOSE":
      config.ExposedPorts = { ...config.ExposedPorts, ...keysOf(instruction.values.map(withProtocol)) };
      break;
    case "VOLUME":
      config.Volumes = { ...config.Volumes, ...keysOf(instruction.values) };
      break;
    case "WORKDIR":
      config.WorkingDir = instruction.value;
      break;
    case "USER":
      config.User = instruction.value;
      break;
    case "STOPSIGNAL":
      config.StopSignal = instruction.value;
      break;
    case "ADD":
    case "COPY":
      throw new EngineError("system", `${instruction.kind} is a layer, not configuration`);
  }
}

function withProtocol(port: string): string {
  return port.includes("/") ? port : `${port}/tcp`;
}

function keysOf(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map(name => [name, {}]));
}

interface Parts {
  readonly base: BaseImage;
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
  readonly history: readonly History[];
  readonly created: Date;
}

function assemble({ base, config, layers, history, created }: Parts): BuiltImage {
  const platform = { architecture: "386", os: "linux" };
  const layerBlobs = layers.map(layer => blob(mediaTypes.layer, layer.gzip));
  const configBlob = jsonBlob(mediaTypes.config, {
    ...platform,
    created: rfc3339(created),
    config,
    rootfs: { type: "layers", diff_ids: [...base.diffIds, ...layers.map(layer => layer.diffId)] },
    history: [...base.history, ...history],
  });
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptorOf(configBlob),
    layers: [...base.layers, ...layerBlobs].map(descriptorOf),
  });
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...descriptorOf(manifest), platform }],
  });
  const blobs = [...layerBlobs, configBlob, manifest, index];
  return { descriptor: descriptorOf(index), inherited: base.layers, blobs };
}

type Blob = BuiltImage["blobs"][number];

function blob(mediaType: string, bytes: Buffer): Blob {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { mediaType, digest, size: bytes.length, bytes };
}

function jsonBlob(mediaType: string, value: object): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

/** A blob's descriptor, its keys in the order that registries write. */
export function descriptorOf({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/** Whole seconds, as Docker writes a date that has no fraction. */
function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
