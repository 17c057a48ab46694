import type { Bytes } from "../sys/bytes.ts";
import { type Disposable, type Files, isSysError, type OpenFile } from "../sys/files.ts";

/** One piece of a container's output: a line, or the part of one that had come. */
export interface LogRecord {
  readonly log: string;
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
}

/** Which part of a log to read. */
export interface LogSelection {
  /** Only the last so many records; -1 means all. */
  readonly tail: number;
  /** Goes on with what is written later. */
  readonly follow: boolean;
}

const CHUNK = 128 * 1024; // more than the longest record: 16 KiB of output, escaped
const NEWLINE = 10;

/** The offset at which the last `count` lines of a file begin. */
function offsetOfTail(files: Files, bytes: Bytes, path: string, count: number): number {
  const size = files.stat(path)?.size ?? 0;
  const file = files.openRead(path);
  try {
    const buffer = new Uint8Array(CHUNK);
    let seen = 0;
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - CHUNK);
      file.seek(start);
      const length = file.read(buffer.subarray(0, end - start));
      const lines: number[] = [];
      for (let at = bytes.indexOf(buffer, NEWLINE, 0, length); at >= 0; ) {
        lines.push(start + at + 1);
        at = at + 1 < length ? bytes.indexOf(buffer, NEWLINE, at + 1, length) : -1;
      }
      for (const offset of lines.toReversed()) {
        if (offset === size) continue;
        seen++;
        if (seen === count) return offset;
      }
      end = start;
    }
    return 0;
  } finally {
    file.close();
  }
}

/** Reads a json-file log from its oldest rotated file on, and follows it through later rotations. */
export class JsonLogReader {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #path: string;
  readonly #buffer = new Uint8Array(CHUNK);
  #file: OpenFile | null = null;
  #inode = 0;
  #position = 0;
  #watch: Disposable | null = null;
  #wake: () => void = () => {};
  #changed = false;
  #closed = false;

  constructor(sys: { files: Files; bytes: Bytes }, path: string) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#path = path;
  }

  /**
   * The records, in batches as they are read. Following ends when `ended` resolves and all is read, or when
   * close() is called.
   */
  async *read(selection: LogSelection, ended: Promise<unknown>): AsyncGenerator<LogRecord[]> {
    if (selection.follow) this.#startWatching(ended);
    try {
      if (selection.tail !== 0) yield* this.#readOlder(selection.tail);
      yield* this.#readCurrent(selection.tail);
      while (selection.follow && !this.#closed) {
        if (!this.#changed) {
          await new Promise<void>(resolve => {
            this.#wake = resolve;
          });
        }
        const last = this.#closed;
        this.#changed = false;
        yield* this.#readOn();
        if (last) break;
      }
    } finally {
      this.#watch?.dispose();
      this.#file?.close();
    }
  }

  /** Ends a read that follows. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #startWatching(ended: Promise<unknown>): void {
    this.#rewatch();
    void ended.then(() => this.close());
  }

  #rewatch(): void {
    this.#watch?.dispose();
    this.#watch = this.#files.watch(this.#path, () => {
      this.#changed = true;
      this.#wake();
    });
  }

  /** Rotated files, the highest number first. They only matter for a tail that the current file can't fill. */
  *#readOlder(tail: number): Generator<LogRecord[]> {
    const rotated: string[] = [];
    for (let n = 1; this.#files.exists(`${this.#path}.${n}`); n++) rotated.unshift(`${this.#path}.${n}`);
    if (rotated.length === 0) return;
    const records: LogRecord[] = [];
    for (const path of rotated) records.push(...this.#parse(this.#files.readText(path)));
    if (tail < 0) {
      yield records;
      return;
    }
    const current = this.#parse(this.#files.readText(this.#path)).length;
    if (current < tail) yield records.slice(-(tail - current));
  }

  *#readCurrent(tail: number): Generator<LogRecord[]> {
    const info = this.#files.stat(this.#path);
    if (!info) return;
    this.#open(info.ino);
    if (tail === 0) this.#position = info.size;
    else if (tail > 0) this.#position = offsetOfTail(this.#files, this.#bytes, this.#path, tail);
    yield* this.#readToEnd();
  }

  /** What has come since; then the next file, where the log was rotated meanwhile. */
  *#readOn(): Generator<LogRecord[]> {
    yield* this.#readToEnd();
    const info = this.#files.stat(this.#path);
    if (!info || info.ino === this.#inode) return;
    this.#open(info.ino);
    try {
      this.#rewatch();
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
    }
    yield* this.#readToEnd();
  }

  #open(inode: number): void {
    this.#file?.close();
    this.#file = this.#files.openRead(this.#path);
    this.#inode = inode;
    this.#position = 0;
  }

  /** Whole lines; one that is still being written is read again later. */
  *#readToEnd(): Generator<LogRecord[]> {
    for (;;) {
      this.#file?.seek(this.#position);
      const length = this.#file?.read(this.#buffer) ?? 0;
      const end = this.#buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
      if (end === 0) return;
      this.#position += end;
      const records = this.#parse(this.#bytes.decode(this.#buffer, 0, end));
      if (records.length > 0) yield records;
    }
  }

  #parse(text: string): LogRecord[] {
    const records: LogRecord[] = [];
    for (const line of text.split("\n")) {
      if (line === "") continue;
      try {
        const record: LogRecord = JSON.parse(line);
        records.push(record);
      } catch {
        // A crash may have cut a line short; Docker skips it too.
      }
    }
    return records;
  }
}
