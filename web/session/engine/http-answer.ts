import { type ByteSource, cutOff } from "./byte-source.ts";
import { EngineCallError } from "./engine-call-error.ts";

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: |$)/;
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/;
const CHUNK_SIZE = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/;
/** Statuses without a body, whatever the fields say (RFC 9112, section 6.3). */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/** The answer to one request: its head, and a body that comes as it is read. */
export class HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly #source: ByteSource;

  private constructor(status: number, headers: ReadonlyMap<string, string>, source: ByteSource) {
    this.status = status;
    this.headers = headers;
    this.#source = source;
  }

  /** Reads a head (RFC 9112). Throws an {@link EngineCallError}, "protocol" where it is none. */
  static async read(source: ByteSource): Promise<HttpAnswer> {
    const first = await source.line();
    const status = STATUS_LINE.exec(first)?.[1];
    if (status === undefined) throw new EngineCallError("protocol", `not a status line: ${quoted(first)}`);
    const headers = new Map<string, string>();
    for (let line = await source.line(); line !== ""; line = await source.line()) {
      const [, name, value] = FIELD.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new EngineCallError("protocol", `not a header field: ${quoted(line)}`);
      headers.set(name.toLowerCase(), value);
    }
    return new HttpAnswer(Number(status), headers, source);
  }

  /** The body's bytes as they come. Can be read once. Throws "unreachable" where it is cut off. */
  async *body(): AsyncGenerator<Uint8Array, void> {
    const length = this.headers.get("content-length");
    if (BODILESS.has(this.status)) return;
    if (this.headers.get("transfer-encoding")?.toLowerCase() === "chunked") yield* this.#chunks();
    else if (length !== undefined) yield* this.#exactly(bodyLength(length));
    else yield* this.#rest();
  }

  /** The whole body. */
  async text(): Promise<string> {
    const lines: string[] = [];
    for await (const line of this.#split()) lines.push(line);
    return lines.join("\n");
  }

  /** The lines of the body that are not blank, each as soon as it is whole. */
  async *lines(): AsyncGenerator<string, void> {
    for await (const line of this.#split()) if (line.trim() !== "") yield line;
  }

  async *#split(): AsyncGenerator<string, void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of this.body()) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    yield rest + decoder.decode();
  }

  async *#chunks(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const line = await this.#source.line();
      const digits = CHUNK_SIZE.exec(line)?.[1];
      if (digits === undefined) throw new EngineCallError("protocol", `not a chunk's size: ${quoted(line)}`);
      const size = Number.parseInt(digits, 16);
      if (size === 0) break;
      yield* this.#exactly(size);
      const end = await this.#source.line();
      if (end !== "") throw new EngineCallError("protocol", `a chunk that goes on: ${quoted(end)}`);
    }
    while ((await this.#source.line()) !== ""); // fields after the body, which nobody needs
  }

  async *#exactly(size: number): AsyncGenerator<Uint8Array, void> {
    for (let missing = size; missing > 0; ) {
      const bytes = await this.#source.some(missing);
      if (bytes === undefined) throw cutOff();
      missing -= bytes.length;
      yield bytes;
    }
  }

  async *#rest(): AsyncGenerator<Uint8Array, void> {
    const most = Number.MAX_SAFE_INTEGER;
    for (let bytes = await this.#source.some(most); bytes; bytes = await this.#source.some(most)) yield bytes;
  }
}

function bodyLength(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new EngineCallError("protocol", `not a length: ${quoted(text)}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
