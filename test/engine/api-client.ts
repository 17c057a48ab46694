import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Readable } from "node:stream";

/** A whole answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** Sent as it is where it is text, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks, and hands the answer over once its head is there. */
export function open(
  socketPath: string,
  { method = "GET", path, body, headers }: Call,
): Promise<IncomingMessage> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  return new Promise((resolve, reject) => {
    // Without an agent no connection is kept for later.
    const call = request(
      { socketPath, method, path, headers: { ...type, ...headers }, agent: false },
      resolve,
    );
    call.once("error", reject);
    call.end(text);
  });
}

/** Asks, and reads the whole answer. */
export async function ask(socketPath: string, call: Call): Promise<Answer> {
  const response = await open(socketPath, call);
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += String(piece);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** A connection that was upgraded, as attach and exec do it: what came with the head, and the socket. */
export function hijack(
  socketPath: string,
  { method = "POST", path, body }: Call,
): Promise<{ status: number; headers: IncomingHttpHeaders; socket: Socket; early: Buffer }> {
  const headers = { Connection: "Upgrade", Upgrade: "tcp", "Content-Type": "application/json" };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path, headers });
    call.once("upgrade", (response, socket: Socket, early) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, socket, early });
    });
    call.once("response", response => reject(new Error(`status ${response.statusCode}, no upgrade`)));
    call.once("error", reject);
    call.end(JSON.stringify(body));
  });
}

/** Everything that comes until the end. */
export async function readAll(stream: Readable, early: Uint8Array = new Uint8Array()): Promise<Buffer> {
  const pieces: Uint8Array[] = [early];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** Sends bytes that need not be HTTP, and reads what comes back until the engine hangs up. */
export function sendRaw(socketPath: string, text: string): Promise<string> {
  const socket = connect(socketPath);
  socket.end(text);
  return readAll(socket).then(bytes => bytes.toString());
}

/** Frames of the multiplexed stream format: [stream, text] each. */
export function frames(bytes: Buffer): [number, string][] {
  const found: [number, string][] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    found.push([bytes[at] ?? -1, bytes.toString("utf8", at + 8, at + 8 + length)]);
    at += 8 + length;
  }
  return found;
}
