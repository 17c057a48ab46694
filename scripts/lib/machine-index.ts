import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MACHINE_DIST } from "./paths.ts";

/** A file of the build; the name holds a part of its hash, so that it can be cached for ever. */
export interface BuiltFile {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** `dist/machine/index.json`: what the page needs to know before it loads a machine. */
export interface MachineIndex {
  /** The engine's version: package.json's. */
  readonly engine: string;
  readonly v86: string;
  /** The guest's memory in MiB. */
  readonly memory: number;
  readonly snapshot: BuiltFile & {
    /** Bytes of the state that v86 unpacks from it. */
    readonly unpacked: number;
  };
  readonly wasm: BuiltFile;
  /** The hash of all that went into it: the build has nothing to do while it is the same. */
  readonly inputs: string;
}

/** Reads the index; rejects with a hint when nothing was built. */
export async function readMachineIndex(): Promise<MachineIndex> {
  try {
    const index: MachineIndex = JSON.parse(await readFile(join(MACHINE_DIST, "index.json"), "utf8"));
    return index;
  } catch (error) {
    throw new Error("there is no built machine: run `npm run build`", { cause: error });
  }
}
