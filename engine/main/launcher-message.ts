import type { Bytes } from "../sys/bytes.ts";
import type { OwnProcess } from "../sys/program.ts";
import type { Connection } from "../sys/streams.ts";
import type { LauncherMessage } from "./launcher-session.ts";

const LENGTH_SIZE = 4;
const FIRST_BUFFER = 8 * 1024;
/** What the kernel gives a program for words and environment together, several times over. */
const MOST = 16 * 1024 * 1024;
const DESCRIPTORS = 3;

/** The length in a message's first bytes; undefined where they are not all there. */
function lengthIn(buffer: Uint8Array, end: number): number | undefined {
  return end < LENGTH_SIZE
    ? undefined
    : new DataView(buffer.buffer, buffer.byteOffset).getUint32(0, true) + LENGTH_SIZE;
}

function enlarged(buffer: Uint8Array, size: number): Uint8Array {
  const larger = new Uint8Array(size);
  larger.set(buffer);
  return larger;
}

/**
 * Waits for a launcher's first message; null where it is cut off or malformed. What came with such a one is closed.
 */
export async function receiveMessage(
  control: Connection,
  { bytes, program }: { bytes: Bytes; program: OwnProcess },
): Promise<LauncherMessage | null> {
  const fds: number[] = [];
  let buffer: Uint8Array = new Uint8Array(FIRST_BUFFER);
  let end = 0;
  for (;;) {
    const wanted = lengthIn(buffer, end);
    if (wanted !== undefined && wanted > MOST) break;
    if (wanted !== undefined && end >= wanted && fds.length === DESCRIPTORS) {
      return parseMessage(bytes.decode(buffer, LENGTH_SIZE, wanted), fds);
    }
    if (wanted !== undefined && wanted > buffer.length) buffer = enlarged(buffer, wanted);
    const received = await program.receiveWithFds(control, buffer.subarray(end, wanted));
    fds.push(...received.fds);
    if (received.length === 0) break;
    end += received.length;
  }
  for (const fd of fds) program.closeDescriptor(fd);
  return null;
}

/** Splits a message's text: directory, number of words, words, environment, all with a NUL behind them. */
export function parseMessage(text: string, fds: readonly number[]): LauncherMessage {
  let at = 0;
  const field = (): string => {
    const start = at;
    const end = text.indexOf("\0", start);
    at = end + 1;
    return text.slice(start, end);
  };
  const directory = field();
  const words: string[] = [];
  for (let left = Number(field()); left > 0; left--) words.push(field());
  words.shift(); // the program's own name
  return { directory, words, environment: `\0${text.slice(at, -1)}`, fds };
}
