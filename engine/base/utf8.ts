/**
 * Questions about a string's UTF-8 form, for the places where Docker counts bytes instead of characters.
 * A lone surrogate counts as U+FFFD, as it would be written.
 */

// oxlint-disable-next-line no-control-regex -- the range is what ASCII means
const asciiOnly = /^[\0-\x7f]*$/;

/** Whether `text` has no character beyond U+007F, so that its length is its byte length. */
export function isAscii(text: string): boolean {
  return asciiOnly.test(text);
}

/** How many bytes `text` takes in UTF-8. */
export function byteLength(text: string): number {
  if (isAscii(text)) return text.length;
  let length = 0;
  for (const character of text) length += widthOf(character.codePointAt(0) ?? 0);
  return length;
}

/** How many characters (Unicode code points) `text` has. */
export function characterCount(text: string): number {
  if (isAscii(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The UTF-8 bytes of `text`. */
export function encodeUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const given = character.codePointAt(0) ?? 0;
    const code = isSurrogate(given) ? 0xfffd : given;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else {
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12));
      bytes.push(continuation(code >> 6), continuation(code));
    }
  }
  return bytes;
}

/** The text that `bytes` stand for in UTF-8; every byte that belongs to no character becomes U+FFFD. */
export function decodeUtf8(bytes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes[at] ?? 0);
    const character = size === 0 ? undefined : decodeOne(bytes.slice(at, at + size), size);
    text += character ?? "\ufffd";
    at += character === undefined ? 1 : size;
  }
  return text;
}

/** The part of `text` between two byte offsets of its UTF-8 form; see {@link decodeUtf8} for a cut character. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return decodeUtf8(encodeUtf8(text).slice(start, end));
}

function widthOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

const smallestOfLength = [0, 0, 0x80, 0x800, 0x10000];
const leadMask = [0, 0x7f, 0x1f, 0x0f, 0x07];

function decodeOne(sequence: readonly number[], size: number): string | undefined {
  if (sequence.length < size) return undefined;
  let code = (sequence[0] ?? 0) & (leadMask[size] ?? 0);
  for (const byte of sequence.slice(1)) {
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  if (code < (smallestOfLength[size] ?? 0) || code > 0x10ffff || isSurrogate(code)) return undefined;
  return String.fromCodePoint(code);
}
