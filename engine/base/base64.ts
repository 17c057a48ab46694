const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes in base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += (ALPHABET[group >> 18] ?? "") + (ALPHABET[(group >> 12) & 63] ?? "");
    text += b === undefined ? "=" : ALPHABET[(group >> 6) & 63];
    text += c === undefined ? "=" : ALPHABET[group & 63];
  }
  return text;
}
