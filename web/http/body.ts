import type { ByteReader } from "./byte-reader.ts";
import { type ResponseHead, headerOf } from "./head.ts";
import { HttpError } from "./http-error.ts";

/** A body as its bytes come. Throws an {@link HttpError} where it breaks off. */
export type HttpBody = AsyncGenerator<Uint8Array, void>;

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304]);
/** Bytes of a line that tells a chunk's size, with whatever extensions. */
const LONGEST_LINE = 4096;
/** The largest chunk whose size is a safe integer. */
const CHUNK_SIZE = /^([0-9a-f]{1,12})\s*(?:;.*)?$/i;

/** The body that follows `head`, by RFC 9112, section 6.3; `method` is that of the request. */
export function bodyOf(reader: ByteReader, method: string, head: ResponseHead): HttpBody {
  if (method === "HEAD" || WITHOUT_BODY.has(head.status)) return sized(reader, 0);
  const coding = headerOf(head.headers, "transfer-encoding");
  if (coding !== undefined) {
    if (coding.trim().toLowerCase() === "chunked") return chunked(reader);
    throw new HttpError("malformed", `an unknown transfer coding: ${coding}`);
  }
  const length = headerOf(head.headers, "content-length");
  if (length === undefined) return rest(reader);
  if (!/^\d{1,15}$/.test(length)) throw new HttpError("malformed", `no length: ${length}`);
  return sized(reader, Number(length));
}

async function* sized(reader: ByteReader, length: number): HttpBody {
  let left = length;
  while (left > 0) {
    const bytes = await reader.read(left);
    if (bytes === undefined) throw new HttpError("incomplete", `${left} of ${length} bytes did not come`);
    left -= bytes.length;
    yield bytes;
  }
}

async function* chunked(reader: ByteReader): HttpBody {
  for (;;) {
    const line = await reader.line(LONGEST_LINE);
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) throw new HttpError("malformed", `no size of a chunk: ${line.slice(0, 80)}`);
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    yield* sized(reader, length);
    if ((await reader.line(2)) !== "") throw new HttpError("malformed", "a chunk longer than its size");
  }
  let trailer = await reader.line(LONGEST_LINE);
  while (trailer !== "") trailer = await reader.line(LONGEST_LINE);
}

async function* rest(reader: ByteReader): HttpBody {
  for (let bytes = await reader.read(); bytes !== undefined; bytes = await reader.read()) yield bytes;
}
