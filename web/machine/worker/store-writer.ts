import { StoreError } from "../storage/machine-store.ts";
import type { StoreFailure, WriterApi } from "../storage/writer-api.ts";
import { type SnapshotHeader, encodeSnapshot, payloadOf } from "../snapshot.ts";

/** Bytes at a place of a file. */
type Write = (bytes: Uint8Array<ArrayBuffer>, at: number) => void;

/** Writes machines to the origin private file system: in a worker, since nobody else may in every browser. */
export class StoreWriter implements WriterApi {
  pack(
    folder: string,
    name: string,
    header: SnapshotHeader,
    file: Uint8Array<ArrayBuffer>,
  ): Promise<StoreFailure | undefined> {
    return writing(folder, name, async write => {
      const head = encodeSnapshot({ ...header, compression: "gzip" }, new Uint8Array());
      const payload = new Blob([payloadOf(file)]);
      await pour(payload.stream().pipeThrough(new CompressionStream("gzip")), head.length, write);
      // A file that was left in the middle has no head, and counts for nothing.
      write(head, 0);
    });
  }

  copy(folder: string, name: string, file: Blob): Promise<StoreFailure | undefined> {
    return writing(folder, name, async write => {
      // The first byte comes last, for the same reason.
      await pour(file.slice(1).stream(), 1, write);
      write(new Uint8Array(await file.slice(0, 1).arrayBuffer()), 0);
    });
  }
}

async function writing(
  folder: string,
  name: string,
  fill: (write: Write) => Promise<void>,
): Promise<StoreFailure | undefined> {
  try {
    const directory = await (await navigator.storage.getDirectory()).getDirectoryHandle(folder);
    const file = await directory.getFileHandle(name, { create: true });
    const access = await file.createSyncAccessHandle();
    try {
      access.truncate(0);
      await fill((bytes, at) => writeAll(access, bytes, at));
      access.flush();
    } finally {
      access.close();
    }
    return undefined;
  } catch (error) {
    const { kind, message } = StoreError.from(error);
    return { kind, message };
  }
}

function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const written = access.write(bytes, { at });
  if (written < bytes.length) throw new StoreError("full", `${written} of ${bytes.length} bytes found room`);
}

async function pour(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  start: number,
  write: Write,
): Promise<void> {
  const reader = stream.getReader();
  let at = start;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    write(read.value, at);
    at += read.value.length;
  }
}
