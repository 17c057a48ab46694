import { EngineError } from "./errors.ts";

/** "ctrl-p,ctrl-q" as the bytes that a terminal sends for them. Throws "invalid" on an unknown key. */
export function parseDetachKeys(text: string): Uint8Array {
  const codes = text.split(",").map(key => {
    if (/^.$/.test(key)) return key.charCodeAt(0);
    const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key);
    if (!control?.[1]) throw new EngineError("invalid", `Unknown character: '${key}'`);
    return control[1].toUpperCase().charCodeAt(0) & 0x1f;
  });
  return Uint8Array.from(codes);
}

/** What Docker uses unless it is told otherwise. */
export const DEFAULT_DETACH_KEYS = "ctrl-p,ctrl-q";
