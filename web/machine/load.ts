import type { Asset, MachineProgress } from "./machine.ts";
import { MachineError } from "./machine-error.ts";

/** Gets an asset's bytes; `what` names it in progress and errors (kind `download`). */
export async function loadAsset(
  asset: Asset,
  what: string,
  progress: (progress: MachineProgress) => void,
): Promise<ArrayBuffer> {
  if ("bytes" in asset) return asset.bytes;
  try {
    return await download(
      asset.url,
      (loaded, total) => progress({ step: "download", what, loaded, total }),
      asset.size,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MachineError("download", `${what} could not be fetched: ${reason}`, { cause: error });
  }
}

async function download(
  url: string,
  progress: (loaded: number, total: number) => void,
  size: number,
): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`);
  // Content-Length counts bytes on the wire, which a server may have compressed once more.
  let bytes = new Uint8Array(size);
  let loaded = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
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
