/** Where the user's clock is: `TZ`, or else the machine's own zone. */
import { utc, type Zone } from "../base/timestamp.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import type { Session } from "./session.ts";

const LOCAL_FILE = "/etc/localtime";
const DATABASE = "/usr/share/zoneinfo";
const HEADER_LENGTH = 44;
const MINUTE = 60;

/** The zone at an instant, in seconds since 1970. */
export type ZoneAt = (seconds: number) => Zone;

/** The zone of a session. What names none that is known means UTC, as in Go. */
export function sessionZone(session: Session, sys: { files: Files; bytes: Bytes }): ZoneAt {
  let zone: ZoneAt | null = null;
  return seconds => {
    zone ??= load(zoneFile(session.env("TZ")), sys);
    return zone(seconds);
  };
}

function zoneFile(variable: string | undefined): string | null {
  if (variable === undefined) return LOCAL_FILE;
  const name = variable.replace(/^:/, "");
  if (name === "" || name === "UTC") return null;
  if (name.startsWith("/")) return name;
  return name.includes("..") ? null : `${DATABASE}/${name}`;
}

function load(path: string | null, { files, bytes }: { files: Files; bytes: Bytes }): ZoneAt {
  if (path === null || files.stat(path, true)?.kind !== "file") return () => utc;
  return parseZoneFile(files.readBytes(path), bytes) ?? (() => utc);
}

/**
 * Reads a file of the zone database (RFC 8536); null where it is none. Rules for the time behind its last transition
 * are left out: the database lists transitions until 2037.
 */
export function parseZoneFile(data: Uint8Array, bytes: Bytes): ZoneAt | null {
  if (data.length < HEADER_LENGTH || bytes.decode(data, 0, 4) !== "TZif") return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isLong = (data[4] ?? 0) >= 0x32;
  // A long file begins with a short one for old readers.
  const start = isLong ? HEADER_LENGTH + blockLength(view, 0, 4) : 0;
  return readBlock(data, view, { start, timeSize: isLong ? 8 : 4 }, bytes);
}

function counts(view: DataView, start: number) {
  const at = (index: number): number => view.getUint32(start + 20 + index * 4);
  return { ut: at(0), standard: at(1), leaps: at(2), times: at(3), types: at(4), names: at(5) };
}

function blockLength(view: DataView, start: number, timeSize: number): number {
  const { ut, standard, leaps, times, types, names } = counts(view, start);
  return times * (timeSize + 1) + types * 6 + names + leaps * (timeSize + 4) + standard + ut;
}

function readBlock(
  data: Uint8Array,
  view: DataView,
  { start, timeSize }: { start: number; timeSize: number },
  bytes: Bytes,
): ZoneAt {
  const { times, types, names } = counts(view, start);
  const timesAt = start + HEADER_LENGTH;
  const indexAt = timesAt + times * timeSize;
  const typesAt = indexAt + times;
  const namesAt = typesAt + types * 6;
  const transition = (index: number): number => {
    const at = timesAt + index * timeSize;
    return timeSize === 8 ? Number(view.getBigInt64(at)) : view.getInt32(at);
  };
  const zones = Array.from({ length: types }, (_, index): Zone => {
    const at = typesAt + index * 6;
    const nameAt = namesAt + (data[at + 5] ?? 0);
    const end = bytes.indexOf(data, 0, nameAt, namesAt + names);
    return { name: bytes.decode(data, nameAt, end), offset: view.getInt32(at) / MINUTE };
  });
  return seconds => {
    let low = 0;
    let high = times; // the first transition behind the instant
    while (low < high) {
      const middle = (low + high) >> 1;
      if (transition(middle) <= seconds) low = middle + 1;
      else high = middle;
    }
    return zones[low === 0 ? 0 : (data[indexAt + low - 1] ?? 0)] ?? utc;
  };
}
