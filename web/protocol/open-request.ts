import { decodeText, encodeText } from "./text.ts";

/** A process to start. */
export interface ProcessRequest {
  /** The program, searched in its PATH, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Over the agent's default of HOME, USER, LOGNAME, SHELL and PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default /root; `/` where it does not exist. */
  readonly cwd?: string;
}

/** A process on a terminal of its own. */
export interface PtyRequest extends ProcessRequest {
  readonly rows: number;
  readonly columns: number;
}

/** What the page may open. */
export type OpenRequest =
  | ({ readonly kind: "pty" } & PtyRequest)
  | ({ readonly kind: "exec" } & ProcessRequest)
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly address: string; readonly port: number };

/** What the guest opens: a connection or a datagram that one of the agent's listeners got. */
export type GuestOpen =
  | { readonly kind: "accept"; readonly listener: string; readonly peer: string; readonly local: string }
  | { readonly kind: "datagram"; readonly listener: string; readonly peer: string };

/** The payload of OPEN. A string with a NUL in it is refused as the kernel would refuse it. */
export function encodeOpen(request: OpenRequest): Uint8Array {
  const strings = openStrings(request);
  if (strings.some(text => text.includes("\0")))
    throw new TypeError(`a NUL in an argument of ${request.kind}`);
  return encodeText(strings.map(text => `${text}\0`).join(""));
}

function openStrings(request: OpenRequest): string[] {
  if (request.kind === "unix") return ["unix", request.path];
  if (request.kind === "tcp") return ["tcp", request.address, String(request.port)];
  const size = request.kind === "pty" ? [`rows=${request.rows}`, `cols=${request.columns}`] : [];
  return [request.kind, ...size, ...processStrings(request)];
}

function processStrings(request: ProcessRequest): string[] {
  const settings = Object.entries(request.env ?? {}).map(([name, value]) => `env=${name}=${value}`);
  if (request.cwd !== undefined) settings.push(`cwd=${request.cwd}`);
  return [...settings, "--", ...request.argv];
}

/** Reads the payload of an OPEN from the guest; undefined for kinds that this version does not know. */
export function decodeGuestOpen(payload: Uint8Array): GuestOpen | undefined {
  const [kind, listener = "", peer = "", local = ""] = decodeText(payload).split("\0");
  if (kind === "accept") return { kind, listener, peer, local };
  if (kind === "datagram") return { kind, listener, peer };
  return undefined;
}
