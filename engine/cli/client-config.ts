/** The user's `config.json`, as far as our commands read it. */
import { EngineError, messageOf } from "../base/errors.ts";
import { parseFirstJson } from "../base/json-syntax.ts";
import type { Files } from "../sys/files.ts";
import type { Session } from "./session.ts";

export interface ClientConfig {
  readonly psFormat: string;
  readonly imagesFormat: string;
  readonly volumesFormat: string;
  readonly statsFormat: string;
  readonly detachKeys: string;
}

const noConfig: ClientConfig = {
  psFormat: "",
  imagesFormat: "",
  volumesFormat: "",
  statsFormat: "",
  detachKeys: "",
};

/** What Go calls the types of JSON's values. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** Throws "invalid" where the text is not a JSON object, or one of our keys no text; an empty text has none. */
function parseConfig(text: string): ClientConfig {
  const parsed = text.trim() === "" ? {} : parseFirstJson(text).value;
  if (parsed !== null && kindOf(parsed) !== "object")
    throw new EngineError(
      "invalid",
      `json: cannot unmarshal ${kindOf(parsed)} into Go value of type configfile.ConfigFile`,
    );
  const values = new Map<string, unknown>(Object.entries(parsed ?? {}));
  const setting = (name: string): string => {
    const value = values.get(name) ?? "";
    if (typeof value === "string") return value;
    const place = `Go struct field ConfigFile.${name} of type string`;
    throw new EngineError("invalid", `json: cannot unmarshal ${kindOf(value)} into ${place}`);
  };
  return {
    psFormat: setting("psFormat"),
    imagesFormat: setting("imagesFormat"),
    volumesFormat: setting("volumesFormat"),
    statsFormat: setting("statsFormat"),
    detachKeys: setting("detachKeys"),
  };
}

/**
 * Reads `config.json` in a directory, which may be relative to the user's; none is fine, and of one that is broken
 * `warn` is told.
 */
export function readClientConfig(
  directory: string,
  { session, files }: { session: Session; files: Files },
  warn: (text: string) => void,
): ClientConfig {
  const path = `${directory}/config.json`;
  const place = path.startsWith("/") ? path : `${session.directory}/${path}`;
  if (!files.exists(place)) return noConfig;
  try {
    return parseConfig(files.readText(place));
  } catch (error) {
    warn(`WARNING: Error parsing config file (${path}): ${messageOf(error)}`);
    return noConfig;
  }
}
