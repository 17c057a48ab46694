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

/** The offset in a file at which its last lines begin, and how many of them there are: at most `count`. */
function findTail(
  files: Files,
  bytes: Bytes,
  path: string,
  count: number,
): { offset: number; found: number } {
  const size = files.stat(path)?.size ?? 0;
  if (size === 0) return { offset: 0, found: 0 };
  const file = files.openRead(path);
  try {
    const buffer = new Uint8Array(CHUNK);
    let found = 0;
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
        if (++found === count) return { offset, found };
      }
      end = start;
    }
    return { offset: 0, found: found + 1 };
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
  /** Something may have been written since the last read. */
  #changed = false;
  /** Nothing will be written any more. */
  #ended = false;
  /** Nobody wants any more. */
  #closed = false;

  constructor(sys: { files: Files; bytes: Bytes }, path: string) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#path = path;
  }

  /**
   * The records, in batches as they are read. Following ends when `ended` has resolved and all is read, or when
   * close() is called.
   */
  async *read(selection: LogSelection, ended: Promise<unknown>): AsyncGenerator<LogRecord[]> {
    if (selection.follow) this.#startWatching(ended);
    try {
      this.#openAt(selection.tail);
      yield* this.#readOn();
      while (selection.follow && !this.#closed) {
        if (!this.#changed && !this.#ended)
          await new Promise<void>(resolve => {
            this.#wake = resolve;
          });
        const last = this.#ended;
        this.#changed = false;
        yield* this.#readOn();
        if (last) break;
      }
    } finally {
      this.#watch?.dispose();
      this.#file?.close();
    }
  }

  /** Ends a read that follows, wherever it is. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** The directory is watched, so that no rotation is missed. */
  #startWatching(ended: Promise<unknown>): void {
    this.#watch = this.#files.watch(this.#path.slice(0, this.#path.lastIndexOf("/")), () => {
      this.#changed = true;
      this.#wake();
    });
    void ended.then(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** The log's files, the newest first. */
  #paths(): string[] {
    const paths = [this.#path];
    for (let n = 1; this.#files.exists(`${this.#path}.${n}`); n++) paths.push(`${this.#path}.${n}`);
    return paths;
  }

  #openAt(tail: number): void {
    const paths = this.#paths();
    if (tail === 0) {
      this.#open(this.#path, this.#files.stat(this.#path)?.size ?? 0);
      return;
    }
    if (tail > 0) {
      let missing = tail;
      for (const path of paths) {
        const { offset, found } = findTail(this.#files, this.#bytes, path, missing);
        this.#open(path, offset);
        missing -= found;
        if (missing === 0) return;
      }
      return;
    }
    this.#open(paths.at(-1) ?? this.#path, 0);
  }

  #open(path: string, position: number): void {
    this.#file?.close();
    this.#file = null;
    try {
      this.#file = this.#files.openRead(path);
      this.#inode = this.#files.stat(path)?.ino ?? 0;
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error; // it was removed with its container
    }
    this.#position = position;
  }

  /** The file that was begun when ours was rotated away; null where ours is the current one. */
  #successor(): string | null {
    const paths = this.#paths();
    const place = paths.findIndex(path => this.#files.stat(path)?.ino === this.#inode);
    if (place === 0 || !this.#files.exists(this.#path)) return null;
    return paths.at(place < 0 ? -1 : place - 1) ?? null;
  }

  /** All that is there now, from file to file. */
  *#readOn(): Generator<LogRecord[]> {
    for (;;) {
      yield* this.#readToEnd();
      if (this.#closed) return;
      const next = this.#successor();
      if (next === null) return;
      yield* this.#readToEnd(); // what came between our last look and the rotation
      this.#open(next, 0);
    }
  }

  /** Whole lines; one that is still being written is read again later. */
  *#readToEnd(): Generator<LogRecord[]> {
    while (!this.#closed) {
      this.#file?.seek(this.#position);
      const length = this.#file?.read(this.#buffer) ?? 0;
      const end = this.#buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
      if (end === 0 && length < CHUNK) return;
      // A line longer than a chunk is no record.
      this.#position += end || length;
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
