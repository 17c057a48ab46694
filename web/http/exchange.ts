import type { BytePipe } from "../protocol/byte-pipe.ts";
import { type HttpBody, bodyOf } from "./body.ts";
import { ByteReader } from "./byte-reader.ts";
import { type RequestHead, type ResponseHead, encodeRequestHead, parseResponseHead } from "./head.ts";
import { HttpError } from "./http-error.ts";

/** An answer whose body is still to come. */
export interface HttpAnswer {
  readonly head: ResponseHead;
  readonly body: HttpBody;
}

/** Bytes of an answer's head that are read at most. */
const LARGEST_HEAD = 64 * 1024;
const SWITCHING_PROTOCOLS = 101;

/**
 * Sends a request over a fresh connection and reads the head of its answer, past those that only say that there will
 * be one. The request's head says how its body is delimited; a server that answers early need not read it. Rejects
 * with the connection's `LinkError` or an {@link HttpError}. Whoever calls this ends the connection.
 */
export async function exchange(
  pipe: BytePipe,
  request: RequestHead,
  body: AsyncIterable<Uint8Array> | undefined,
): Promise<HttpAnswer> {
  await pipe.write(encodeRequestHead(request));
  const failure = send(pipe, body).then(
    () => new HttpError("closed", "the connection was closed without an answer"),
    (error: unknown) => error,
  );
  const reader = new ByteReader(async () => (await pipe.read())?.bytes);
  for (;;) {
    const text = await reader.head(LARGEST_HEAD);
    if (text === undefined) throw (await resetOf(pipe)) ?? (await failure);
    const head = parseResponseHead(text);
    if (head.status === SWITCHING_PROTOCOLS)
      throw new HttpError("malformed", "the server changes to a protocol that nobody asked for");
    if (head.status >= 200) return { head, body: bodyOf(reader, request.method, head) };
  }
}

async function send(pipe: BytePipe, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  if (body === undefined) return;
  for await (const bytes of body) await pipe.write(bytes);
}

/** Why a connection is gone that has nothing more to read; undefined where its other side has only ended it. */
async function resetOf(pipe: BytePipe): Promise<unknown> {
  const end = await Promise.race([pipe.stream.closed, Promise.resolve(undefined)]);
  return end?.how === "reset" ? end.error : undefined;
}
