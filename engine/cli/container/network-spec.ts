/** The values of `--network`: a network's name, or fields that say more of the container's place in it. */
import { parseCsvRecord } from "../../base/csv.ts";
import { EngineError } from "../../base/errors.ts";
import { parseInteger } from "../../base/numbers.ts";
import { repeated } from "../flags/collection-types.ts";
import type { FlagType } from "../flags/flag.ts";

/** A container's place in a network, as flags describe it; what is empty is left to the daemon. */
export interface NetworkAttachment {
  readonly target: string;
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly linkLocal: readonly string[];
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly priority: number;
}

const LONG_FORM = /\w+=\w+(,\w+=\w+)*/;

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

function priorityOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) refuse(`invalid gw-priority (${text}): invalid syntax`);
  return parseInteger(text);
}

function driverOption(text: string): [key: string, value: string] {
  const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (key === "") refuse("invalid key value pair format in driver options");
  return [key.trim(), value.trim()];
}

/** Fields that may come once; the last counts. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set(["name", "ip", "ip6", "mac-address", "gw-priority"]);
const LIST_FIELDS: ReadonlySet<string> = new Set(["alias", "link-local-ip", "driver-opt"]);

/** The values of all fields. As in Docker they are in lower case, whatever is typed. */
function fieldsOf(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const field of parseCsvRecord(text)) {
    const [, rawKey = "", rawValue = ""] = /^([^=]*)=(.*)$/s.exec(field.toLowerCase()) ?? [];
    if (rawKey === "") refuse(`invalid field ${field}`);
    const key = rawKey.trim();
    if (!SINGLE_FIELDS.has(key) && !LIST_FIELDS.has(key)) refuse(`invalid field key ${key}`);
    const before = LIST_FIELDS.has(key) ? (fields.get(key) ?? []) : [];
    fields.set(key, [...before, rawValue.trim()]);
  }
  return fields;
}

/** Reads one value. */
export function parseNetworkSpec(text: string): NetworkAttachment {
  const fields = LONG_FORM.test(text) ? fieldsOf(text) : new Map([["name", [text]]]);
  const single = (key: string): string => fields.get(key)?.[0] ?? "";
  const target = single("name");
  if (target === "" && text !== "") refuse("network name/id is not specified");
  return {
    target,
    aliases: fields.get("alias") ?? [],
    links: [],
    ipv4: single("ip"),
    ipv6: single("ip6"),
    mac: single("mac-address"),
    linkLocal: fields.get("link-local-ip") ?? [],
    driverOptions: Object.fromEntries((fields.get("driver-opt") ?? []).map(driverOption)),
    priority: priorityOf(single("gw-priority") || "0"),
  };
}

/** Whether a name means a network that somebody made, and no kind that every daemon has. */
export function isUserDefined(name: string): boolean {
  return !["default", "bridge", "host", "none"].includes(name) && !name.startsWith("container:");
}

/** One network an occurrence. */
export function networks(): FlagType<readonly NetworkAttachment[]> {
  return repeated({ word: "network" }, parseNetworkSpec);
}
