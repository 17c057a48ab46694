import { decodeText, encodeText } from "./text.ts";

/** A message on port 2. */
export interface ControlMessage {
  readonly verb: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One chunk: the verb, then a line for each field. */
export function encodeControl(message: ControlMessage): Uint8Array {
  const lines = Object.entries(message.fields).map(([key, value]) => `${key}=${value}\n`);
  return encodeText(`${message.verb}\n${lines.join("")}`);
}

/** Reads one chunk of port 2. */
export function decodeControl(chunk: Uint8Array): ControlMessage {
  const [verb = "", ...lines] = decodeText(chunk).split("\n");
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const equals = line.indexOf("=");
    if (equals > 0) fields[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return { verb, fields };
}
