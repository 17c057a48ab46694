import { MachineError } from "./machine-error.ts";

/** How a snapshot's state is packed. v86 itself unpacks zstd. */
export type SnapshotCompression = "none" | "gzip" | "zstd";

/** The first line of a snapshot's file. */
export interface SnapshotHeader {
  readonly format: "drydock-machine";
  readonly version: 1;
  /** v86's version: a state is only good for the one that wrote it. */
  readonly v86: string;
  /** The guest's memory in MiB: the machine must have as much. */
  readonly memory: number;
  /** Which snapshot this state grew from; empty for one that grew from a boot. */
  readonly base: string;
  readonly compression: SnapshotCompression;
  /** Bytes of the state, unpacked. */
  readonly size: number;
}

/** A snapshot's two parts. `payload` is a view of the file. */
export interface Snapshot {
  readonly header: SnapshotHeader;
  readonly payload: Uint8Array<ArrayBuffer>;
}

const FORMAT = "drydock-machine";
const VERSION = 1;
/** Bytes; longer first lines are not ours. */
export const HEADER_MAX = 4096;
const NEWLINE = 10;

/** What a caller says of a state; the rest of the header follows from this format. */
export type SnapshotFacts = Omit<SnapshotHeader, "format" | "version">;

/** The header, a newline, and the packed state. */
export function encodeSnapshot(facts: SnapshotFacts, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const header: SnapshotHeader = { format: FORMAT, version: VERSION, ...facts };
  const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const file = new Uint8Array(line.length + payload.length);
  file.set(line);
  file.set(payload, line.length);
  return file;
}

/** Reads a snapshot made for `v86`; throws a {@link MachineError} of kind `mismatch` that says what is wrong. */
export function decodeSnapshot(file: Uint8Array<ArrayBuffer>, v86: string): Snapshot {
  const header = decodeHeader(file);
  if (header === undefined) throw new MachineError("mismatch", "the file is not a saved machine");
  if (header.version !== VERSION) {
    throw new MachineError(
      "mismatch",
      `the saved machine has format ${String(header.version)}, this page reads ${String(VERSION)}`,
    );
  }
  if (header.v86 !== v86) {
    throw new MachineError(
      "mismatch",
      `the machine was saved by v86 ${header.v86}, this page runs v86 ${v86}`,
    );
  }
  return { header, payload: payloadOf(file) };
}

/** The header of a snapshot of which there are the first {@link HEADER_MAX} bytes; undefined where it is none. */
export function decodeHeader(file: Uint8Array): SnapshotHeader | undefined {
  const end = headerEnd(file);
  return end < 0 ? undefined : parseHeader(new TextDecoder().decode(file.subarray(0, end)));
}

/** What follows a snapshot's header: a view of the file. */
export function payloadOf(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return file.subarray(headerEnd(file) + 1);
}

function headerEnd(file: Uint8Array): number {
  return file.subarray(0, HEADER_MAX).indexOf(NEWLINE);
}

function parseHeader(line: string): SnapshotHeader | undefined {
  try {
    const header: SnapshotHeader = JSON.parse(line);
    return header.format === FORMAT && Number.isInteger(header.memory) && header.memory > 0
      ? header
      : undefined;
  } catch {
    return undefined;
  }
}

/** The state as v86 takes it. A damaged file is a {@link MachineError} of kind `mismatch`. */
export async function unpackState({ header, payload }: Snapshot): Promise<ArrayBuffer> {
  if (header.compression === "gzip") {
    const state = await gunzip(payload);
    if (state.byteLength === header.size) return state;
    throw new MachineError("mismatch", `the saved machine has ${state.byteLength} of ${header.size} bytes`);
  }
  // v86 looks at whole buffers only.
  return payload.slice().buffer;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  try {
    return await pass(bytes, new DecompressionStream("gzip"));
  } catch (error) {
    throw new MachineError("mismatch", "the saved machine is damaged", { cause: error });
  }
}

/** Packs a state as gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await pass(bytes, new CompressionStream("gzip")));
}

function pass(bytes: Uint8Array<ArrayBuffer>, through: GenericTransformStream): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer();
}
