/** Where a daemon is spoken to: what `DOCKER_HOST` and `--host` may be. */
import { EngineError } from "../base/errors.ts";

const DEFAULT_PATH = "/var/run/docker.sock";
const DEFAULT_PORT = 2375;

/** A daemon's address. `address` is how messages show it. */
export type Endpoint =
  | { readonly kind: "unix"; readonly address: string; readonly path: string }
  | { readonly kind: "tcp"; readonly address: string; readonly host: string; readonly port: number };

/** Where a daemon is unless one says otherwise. */
export const defaultEndpoint: Endpoint = {
  kind: "unix",
  address: `unix://${DEFAULT_PATH}`,
  path: DEFAULT_PATH,
};

/**
 * Reads `unix://PATH`, `tcp://HOST[:PORT]` or `HOST[:PORT]`; empty parts mean the defaults. Throws "invalid" in
 * Docker's words on other protocols.
 */
export function parseEndpoint(text: string): Endpoint {
  const value = text.trim();
  if (value === "") return defaultEndpoint;
  const [, protocol = "tcp", rest = ""] = /^(?:([^:/]*):\/\/)?(.*)$/s.exec(value) ?? [];
  if (protocol === "unix") {
    const path = rest === "" ? DEFAULT_PATH : rest;
    return { kind: "unix", address: `unix://${path}`, path };
  }
  if (protocol === "tcp") return parseTcp(rest);
  throw new EngineError("invalid", `invalid bind address format: ${value}`);
}

function parseTcp(text: string): Endpoint {
  const [, host = "", portText, tail = ""] = /^(\[[^\]]*\]|[^:/]*)(?::([^/]*))?(.*)$/s.exec(text) ?? [];
  if (portText !== undefined && !/^\d*$/.test(portText)) {
    throw new EngineError("invalid", `parse "tcp://${text}": invalid port ":${portText}" after host`);
  }
  const port = portText ? Number(portText) : DEFAULT_PORT;
  const shown = host === "" ? "localhost" : host;
  return {
    kind: "tcp",
    address: `tcp://${shown}:${port}${tail}`,
    host: shown.replace(/^\[(.*)\]$/, "$1"),
    port,
  };
}
