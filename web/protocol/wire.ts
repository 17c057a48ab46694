/** The link's frames and limits, as docs/architecture.md ("The link") defines them. */

export const FrameType = {
  open: 1,
  opened: 2,
  data: 3,
  window: 4,
  resize: 5,
  signal: 6,
  eof: 7,
  exit: 8,
  reset: 9,
  credit: 10,
} as const;

/** 0 is stdin towards the guest and stdout towards the page; 1 is stderr. */
export type Channel = 0 | 1;

export const PROTOCOL_VERSION = 1;
/** Bytes of a frame's header. */
export const HEADER_SIZE = 8;
/** Bytes that one buffer of the guest's port holds. */
export const CHUNK_SIZE = 4096;
/** Chunks that the page may have outstanding: half of what the guest has buffers for. */
export const CHUNK_CREDITS = 8;
/** Bytes that the page may send on a fresh stream. */
export const WINDOW_TO_GUEST = 64 * 1024;
/** Bytes that the guest may send on a fresh stream. */
export const WINDOW_TO_PAGE = 256 * 1024;
/** Longest payload of any frame but DATA. */
export const CONTROL_PAYLOAD_MAX = 64 * 1024;

/** Writes a frame's header at `offset`. */
export function putHeader(
  view: DataView,
  offset: number,
  type: number,
  channel: number,
  stream: number,
  length: number,
): void {
  view.setUint8(offset, type);
  view.setUint8(offset + 1, channel);
  view.setUint16(offset + 2, stream, true);
  view.setUint32(offset + 4, length, true);
}

/** A whole frame with `payload`. */
export function encodeFrame(type: number, stream: number, payload: Uint8Array = EMPTY): Uint8Array {
  const frame = new Uint8Array(HEADER_SIZE + payload.length);
  putHeader(new DataView(frame.buffer), 0, type, 0, stream, payload.length);
  frame.set(payload, HEADER_SIZE);
  return frame;
}

/** A payload of one little-endian `u32`, as WINDOW and CREDIT carry it. */
export function encodeU32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** The little-endian `u32` at the start of `payload`; 0 when it is too short. */
export function decodeU32(payload: Uint8Array): number {
  if (payload.length < 4) return 0;
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
}

const EMPTY = new Uint8Array(0);
