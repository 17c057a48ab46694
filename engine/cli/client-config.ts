/** The user's `config.json`, as far as our commands read it. */
import { messageOf } from "../base/errors.ts";
import type { Files } from "../sys/files.ts";

export interface ClientConfig {
  readonly psFormat: string;
  readonly imagesFormat: string;
  readonly networksFormat: string;
  readonly detachKeys: string;
}

const noConfig: ClientConfig = { psFormat: "", imagesFormat: "", networksFormat: "", detachKeys: "" };

/** Reads `config.json` in a directory; none is fine, and of one that is broken `warn` is told. */
export function readClientConfig(
  directory: string,
  files: Files,
  warn: (text: string) => void,
): ClientConfig {
  const path = `${directory}/config.json`;
  if (!files.exists(path)) return noConfig;
  try {
    const parsed: unknown = JSON.parse(files.readText(path));
    const values = new Map(Object.entries(parsed ?? {}));
    const text = (name: string): string => {
      const value = values.get(name);
      return typeof value === "string" ? value : "";
    };
    return {
      psFormat: text("psFormat"),
      imagesFormat: text("imagesFormat"),
      networksFormat: text("networksFormat"),
      detachKeys: text("detachKeys"),
    };
  } catch (error) {
    warn(`WARNING: Error parsing config file (${path}): ${messageOf(error)}`);
    return noConfig;
  }
}
