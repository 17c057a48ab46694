import type { Asset, EmulatorCode, MachineProgress } from "./machine.ts";
import { MachineError } from "./machine-error.ts";

/** A file to fetch, and what it is called in progress and errors. */
export interface Download {
  readonly url: string;
  /** Bytes, for progress: servers that compress tell another length. */
  readonly size: number;
  readonly what: string;
}

/** Who is told how many bytes of how many have come. */
export type DownloadProgress = (loaded: number, total: number) => void;

/** What a server answers for a file that it does not have. */
const NOT_THERE: ReadonlySet<number> = new Set([404, 410]);
/** The first bytes of WebAssembly. */
const WASM_MAGIC = 0x6d736100;

/** Gets an asset's bytes; `what` names it in progress and errors (kind `download` or `missing`). */
export async function loadAsset(
  asset: Asset,
  what: string,
  progress: (progress: MachineProgress) => void,
): Promise<ArrayBuffer> {
  if ("bytes" in asset) return asset.bytes;
  return downloadBytes({ ...asset, what }, (loaded, total) =>
    progress({ step: "download", what, loaded, total }),
  );
}

/** Compiles the emulator unless that is done; rejects with a {@link MachineError} of kind `unsupported`. */
export async function loadModule(
  code: EmulatorCode,
  what: string,
  progress: (progress: MachineProgress) => void,
): Promise<WebAssembly.Module> {
  if ("module" in code) return code.module;
  return compile(await loadAsset(code, what, progress));
}

/** Fetches a file. Rejects with a {@link MachineError} of kind `download` or `missing`. */
export async function downloadBytes(
  { url, size, what }: Download,
  progress: DownloadProgress,
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  return named(what, async () => readAll(await request(url, what, signal), size, progress));
}

/**
 * Fetches WebAssembly and compiles it while it comes in, which also lets the browser keep the compiled code for the
 * next visit. Progress comes once, at the end. Rejects as {@link downloadBytes}, or with kind `unsupported`.
 */
export async function downloadModule(
  { url, size, what }: Download,
  progress: DownloadProgress,
  signal?: AbortSignal,
): Promise<WebAssembly.Module> {
  return named(what, async () => {
    const response = await request(url, what, signal);
    // Static hosts that do not know the type serve bytes, which browsers refuse to compile on the way.
    const module = response.headers.get("Content-Type")?.startsWith("application/wasm")
      ? await compileStreaming(response)
      : await compile(await readAll(response, size, () => undefined));
    progress(size, size);
    return module;
  });
}

/** Gives errors of the network, which only say that it failed, the name of what was wanted. */
async function named<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof MachineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MachineError("download", `${what} could not be fetched: ${reason}`, { cause: error });
  }
}

async function request(url: string, what: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  if (NOT_THERE.has(response.status))
    throw new MachineError("missing", `${what} is not there: ${url} answers ${response.status}`);
  if (!response.ok) throw new Error(`${url} answers ${response.status} ${response.statusText}`);
  return response;
}

async function readAll(response: Response, size: number, progress: DownloadProgress): Promise<ArrayBuffer> {
  let bytes = new Uint8Array(size);
  let loaded = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    if (loaded + read.value.length > bytes.length) bytes = grown(bytes, loaded + read.value.length);
    bytes.set(read.value, loaded);
    loaded += read.value.length;
    progress(loaded, Math.max(size, loaded));
  }
  return loaded === bytes.length ? bytes.buffer : bytes.slice(0, loaded).buffer;
}

function grown(bytes: Uint8Array<ArrayBuffer>, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

async function compileStreaming(response: Response): Promise<WebAssembly.Module> {
  requireWasm();
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new MachineError("unsupported", "this browser cannot compile the emulator", { cause: error });
  }
}

async function compile(wasm: ArrayBuffer): Promise<WebAssembly.Module> {
  requireWasm();
  if (wasm.byteLength < 8 || new DataView(wasm).getUint32(0, true) !== WASM_MAGIC)
    throw new MachineError(
      "missing",
      "the emulator's file is not WebAssembly: the server sent something else",
    );
  try {
    return await WebAssembly.compile(wasm);
  } catch (error) {
    throw new MachineError("unsupported", "this browser cannot compile the emulator", { cause: error });
  }
}

function requireWasm(): void {
  if (typeof WebAssembly !== "object")
    throw new MachineError("unsupported", "this browser has no WebAssembly");
}
