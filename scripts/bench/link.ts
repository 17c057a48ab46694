import { BytePipe } from "../../web/protocol/byte-pipe.ts";
import { LinkError } from "../../web/protocol/link-error.ts";
import { encodeText } from "../../web/protocol/text.ts";
import type { Guest } from "../lib/guest.ts";

/** How fast the link is, from the side that holds it. */
export interface LinkFigures {
  /** Milliseconds from a typed byte to its echo by the terminal: the median, and what 95 of 100 stay below. */
  readonly typedByte: { readonly median: number; readonly p95: number };
  /** Milliseconds to start /bin/true on pipes and learn its status. */
  readonly exec: number;
  /** Megabytes a second from a process in the guest. */
  readonly toPage: number;
  /** Megabytes a second into a process in the guest. */
  readonly toGuest: number;
}

const TYPED = 300;
/** Bytes that are typed before the terminal's line buffer is emptied: it holds 4,095. */
const LINE = 50;
const ERASE_LINE = "\x15";
const EXECS = 20;
const BLOCK = 64 * 1024;
const BLOCKS = 256;

/** Measures a guest that does nothing else, after a run of everything to warm the emulator's compiler up. */
export async function measureLink(guest: Guest, now: () => number): Promise<LinkFigures> {
  await measureOnce(guest, now);
  return measureOnce(guest, now);
}

async function measureOnce(guest: Guest, now: () => number): Promise<LinkFigures> {
  return {
    typedByte: await typedByte(guest, now),
    exec: await exec(guest, now),
    toPage: await toPage(guest, now),
    toGuest: await toGuest(guest, now),
  };
}

async function typedByte(guest: Guest, now: () => number): Promise<LinkFigures["typedByte"]> {
  const pipe = new BytePipe(guest.machine.open({ kind: "pty", argv: ["cat"], rows: 24, columns: 80 }));
  await pipe.stream.opened;
  const times: number[] = [];
  for (let i = 1; i <= TYPED; i++) {
    const start = now();
    await pipe.write(encodeText(i % LINE === 0 ? ERASE_LINE : "x"));
    await pipe.read();
    times.push(now() - start);
  }
  pipe.stream.reset(new LinkError("ECANCELED", "measured"));
  const sorted = times.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95) };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

async function exec(guest: Guest, now: () => number): Promise<number> {
  const start = now();
  for (let i = 0; i < EXECS; i++) await guest.output(["true"]);
  return (now() - start) / EXECS;
}

async function toPage(guest: Guest, now: () => number): Promise<number> {
  const start = now();
  let bytes = 0;
  const pipe = guest.spawn(["dd", "if=/dev/zero", `bs=${BLOCK}`, `count=${BLOCKS}`]);
  for await (const chunk of pipe) bytes += chunk.bytes.length;
  return rate(bytes, now() - start);
}

async function toGuest(guest: Guest, now: () => number): Promise<number> {
  const start = now();
  const pipe = guest.spawn(["sh", "-c", "cat > /dev/null"]);
  const block = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCKS; i++) await pipe.write(block);
  pipe.end();
  await pipe.stream.closed;
  return rate(BLOCK * BLOCKS, now() - start);
}

/** Megabytes a second. */
function rate(bytes: number, milliseconds: number): number {
  return bytes / 1000 / milliseconds;
}
