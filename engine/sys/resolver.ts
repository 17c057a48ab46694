import { EngineError } from "../base/errors.ts";
import type { Bytes } from "./bytes.ts";
import type { Files } from "./files.ts";
import type { Sockets } from "./streams.ts";

const PORT = 53;
const TIMEOUT_MS = 5000;
const TYPE_A = 1;
const HEADER = 12;
const LONGEST_LABEL = 63;
const NO_SUCH_NAME = 3;

/** A DNS query for the IPv4 addresses of a name (RFC 1035, section 4). */
function encodeQuery(name: string, id: number): Uint8Array {
  const labels = name.split(".").filter(Boolean);
  const bytes = [id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  for (const label of labels) {
    bytes.push(label.length);
    for (let i = 0; i < label.length; i++) bytes.push(label.charCodeAt(i));
  }
  bytes.push(0, 0, TYPE_A, 0, 1);
  return Uint8Array.from(bytes);
}

/** The offset behind a name in a message; a pointer ends it. */
function skipName(message: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
}

/**
 * What an answer says: the first IPv4 address that it holds, null where the name has none, undefined where it says
 * nothing of use.
 */
function decodeAnswer(message: Uint8Array): string | null | undefined {
  const word = (at: number): number => ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
  const code = (message[3] ?? 0) & 15;
  if (code === NO_SUCH_NAME) return null;
  if (code !== 0 || message.length < HEADER) return undefined;
  let at = skipName(message, HEADER) + 4;
  for (let left = word(6); left > 0; left--) {
    at = skipName(message, at);
    const length = word(at + 8);
    if (at + 10 + length > message.length) return undefined;
    if (word(at) === TYPE_A && length === 4) return message.subarray(at + 10, at + 14).join(".");
    at += 10 + length;
  }
  return null;
}

/** Host names as the C library would look them up: /etc/hosts, then the servers of /etc/resolv.conf. */
export class Resolver {
  readonly #files: Files;
  readonly #sockets: Sockets;
  readonly #bytes: Bytes;

  constructor(sys: { files: Files; sockets: Sockets; bytes: Bytes }) {
    this.#files = sys.files;
    this.#sockets = sys.sockets;
    this.#bytes = sys.bytes;
  }

  /** The IPv4 address of a host. Rejects with Go's "lookup ..." texts where there is none. */
  async resolve(host: string): Promise<string> {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
    const known = this.#fromHosts(host);
    if (known) return known;
    const servers = this.#servers();
    const fail = (server: string | undefined, problem: string): EngineError =>
      new EngineError("unavailable", `dial tcp: lookup ${host} on ${server ?? ""}:${PORT}: ${problem}`);
    if (host.split(".").some(label => label.length > LONGEST_LABEL)) throw fail(servers[0], "no such host");
    let problem = "i/o timeout";
    for (const server of servers) {
      const id = Number.parseInt(this.#bytes.randomHex(2), 16);
      const answer = await this.#sockets.exchangeUdp(server, PORT, encodeQuery(host, id), TIMEOUT_MS);
      if (!answer) continue;
      const address = decodeAnswer(answer);
      if (address) return address;
      if (address === null) throw fail(server, "no such host");
      problem = "server misbehaving";
    }
    throw fail(servers[0], problem);
  }

  #lines(path: string): string[][] {
    if (!this.#files.exists(path)) return [];
    const lines = this.#files.readText(path).split("\n");
    return lines.map(line => (line.split("#")[0] ?? "").trim().split(/\s+/));
  }

  #fromHosts(host: string): string | undefined {
    const entry = this.#lines("/etc/hosts").find(
      ([address = "", ...names]) => address.includes(".") && names.includes(host),
    );
    return entry?.[0];
  }

  #servers(): string[] {
    return this.#lines("/etc/resolv.conf")
      .filter(([keyword, address]) => keyword === "nameserver" && address)
      .map(([, address = ""]) => address);
  }
}
