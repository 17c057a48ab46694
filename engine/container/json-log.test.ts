import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys } from "../sys/fake/sys.ts";
import { JsonLogReader, type LogRecord } from "./json-log.ts";

const PATH = "/containers/abc/abc-json.log";

let sys: FakeSys;

beforeEach(() => {
  sys = fakeSys();
  sys.files.seed({ [PATH]: "" });
});

function line(log: string): string {
  return `${JSON.stringify({ log, stream: "stdout", time: "2026-01-02T03:04:05Z" })}\n`;
}

function lines(from: number, to: number): string {
  let text = "";
  for (let n = from; n <= to; n++) text += line(`line ${n}\n`);
  return text;
}

function texts(records: readonly LogRecord[]): string[] {
  return records.map(({ log }) => log.trimEnd());
}

/** All that a read without following gives. */
async function all(tail = -1): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of new JsonLogReader(sys, PATH).read({ tail, follow: false }, Promise.resolve()))
    found.push(...texts(batch));
  return found;
}

/** A read that follows, and how to end the writing. */
class Following {
  readonly found: string[] = [];
  readonly reader = new JsonLogReader(sys, PATH);
  readonly done: Promise<void>;
  /** The container has exited. */
  end: () => void = () => {};
  /** Called before each batch is taken: a consumer that is slow. */
  beforeNext: () => Promise<void> | void = () => {};

  constructor(tail = -1) {
    const ended = new Promise<void>(resolve => {
      this.end = resolve;
    });
    this.done = this.#run(tail, ended);
  }

  async #run(tail: number, ended: Promise<void>): Promise<void> {
    for await (const batch of this.reader.read({ tail, follow: true }, ended)) {
      await this.beforeNext();
      this.found.push(...texts(batch));
    }
  }
}

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** What the shim does when a log is full. */
function rotate(files: number): void {
  for (let n = files - 1; n > 0; n--) {
    const from = n === 1 ? PATH : `${PATH}.${n - 1}`;
    if (sys.files.exists(from)) sys.files.rename(from, `${PATH}.${n}`);
  }
  if (files === 1) sys.files.removeFile(PATH);
  sys.files.append(PATH, "");
}

describe("reading", () => {
  it("gives records as they were written", async () => {
    sys.files.append(PATH, line("plain\n") + line("no end") + line('"quoted" \\ \u2028 ü 🐳\r\n'));
    expect(await all()).toEqual(["plain", "no end", '"quoted" \\ \u2028 ü 🐳']);
  });

  it("gives nothing of an empty log, or of none", async () => {
    expect(await all()).toEqual([]);
    expect(await all(5)).toEqual([]);
    sys.files.removeFile(PATH);
    expect(await all()).toEqual([]);
    expect(await all(5)).toEqual([]);
    expect(await all(0)).toEqual([]);
  });

  it("skips lines that a crash has cut short", async () => {
    sys.files.append(PATH, `${line("a\n")}{"log":"half\n${line("b\n")}\n\n${line("c\n")}`);
    expect(await all()).toEqual(["a", "b", "c"]);
  });

  it("leaves a line alone that has no end yet", async () => {
    sys.files.append(PATH, line("a\n") + line("b\n").slice(0, -1));
    expect(await all()).toEqual(["a"]);
  });

  it("reads characters of several bytes wherever a chunk ends", async () => {
    const text = "ü🐳".repeat(900);
    for (let n = 0; n < 30; n++) sys.files.append(PATH, line(`${"x".repeat(n)}${text}`));
    const found = await all();
    expect(found).toHaveLength(30);
    expect(found[29]).toBe("x".repeat(29) + text);
  });

  it("gets past a line that is longer than any record", async () => {
    sys.files.append(PATH, `${line("a\n")}${"x".repeat(400_000)}\n${line("b\n")}`);
    expect(await all()).toEqual(["a", "b"]);
  });
});

describe("the tail", () => {
  it.each([
    [0, []],
    [1, ["line 5"]],
    [3, ["line 3", "line 4", "line 5"]],
    [5, ["line 1", "line 2", "line 3", "line 4", "line 5"]],
    [99, ["line 1", "line 2", "line 3", "line 4", "line 5"]],
  ])("of %i is so many lines", async (tail, expected) => {
    sys.files.append(PATH, lines(1, 5));
    expect(await all(tail)).toEqual(expected);
  });

  it("is found in a log of many chunks", async () => {
    const long = "x".repeat(1000);
    for (let n = 1; n <= 400; n++) sys.files.append(PATH, line(`${n} ${long}`));
    const found = await all(350);
    expect(found).toHaveLength(350);
    expect(found[0]).toBe(`51 ${long}`);
  });

  it("is found where a line begins with a chunk", async () => {
    const size = 128 * 1024;
    const first = line("first\n");
    const filler = line("").length;
    sys.files.append(PATH, first + line("x".repeat(size - filler)));
    expect(sys.files.stat(PATH)?.size).toBe(first.length + size);
    expect((await all(1))[0]?.length).toBe(size - filler);
    expect(await all(2)).toHaveLength(2);
  });

  it("goes back into rotated files", async () => {
    sys.files.seed({ [`${PATH}.2`]: lines(1, 3), [`${PATH}.1`]: lines(4, 6), [PATH]: lines(7, 9) });
    expect(await all(2)).toEqual(["line 8", "line 9"]);
    expect(await all(3)).toEqual(["line 7", "line 8", "line 9"]);
    expect(await all(4)).toEqual(["line 6", "line 7", "line 8", "line 9"]);
    expect(await all(7)).toHaveLength(7);
    expect(await all(9)).toHaveLength(9);
    expect(await all(99)).toHaveLength(9);
  });

  it("reads all rotated files, the oldest first", async () => {
    sys.files.seed({ [`${PATH}.2`]: lines(1, 3), [`${PATH}.1`]: lines(4, 6), [PATH]: lines(7, 9) });
    expect((await all()).join()).toBe("line 1,line 2,line 3,line 4,line 5,line 6,line 7,line 8,line 9");
  });
});

describe("following", () => {
  it("gives what is written later, until the end", async () => {
    sys.files.append(PATH, lines(1, 2));
    const following = new Following();
    await settle();
    expect(following.found).toEqual(["line 1", "line 2"]);
    sys.files.append(PATH, lines(3, 3));
    await settle();
    expect(following.found).toEqual(["line 1", "line 2", "line 3"]);
    sys.files.append(PATH, lines(4, 4));
    following.end();
    await following.done;
    expect(following.found).toEqual(["line 1", "line 2", "line 3", "line 4"]);
  });

  it("may begin with the end", async () => {
    sys.files.append(PATH, lines(1, 2));
    const following = new Following(0);
    await settle();
    sys.files.append(PATH, lines(3, 3));
    following.end();
    await following.done;
    expect(following.found).toEqual(["line 3"]);
  });

  it("waits for the end of a line", async () => {
    const following = new Following();
    const whole = line("two pieces\n");
    sys.files.append(PATH, whole.slice(0, 20));
    await settle();
    expect(following.found).toEqual([]);
    sys.files.append(PATH, whole.slice(20));
    await settle();
    expect(following.found).toEqual(["two pieces"]);
    following.reader.close();
    await following.done;
  });

  it("loses nothing that was written while its consumer was slow and the container ended", async () => {
    sys.files.append(PATH, lines(1, 1));
    const following = new Following();
    const waiting: (() => void)[] = [];
    following.beforeNext = () => new Promise(resolve => waiting.push(resolve));
    await settle();
    sys.files.append(PATH, lines(2, 5));
    following.end();
    await settle();
    following.beforeNext = () => {};
    for (const release of waiting) release();
    await following.done;
    expect(following.found).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
  });

  it("ends at once when nobody wants any more", async () => {
    sys.files.append(PATH, lines(1, 1));
    const following = new Following();
    await settle();
    following.reader.close();
    await following.done;
    expect(sys.files.tree.get("/containers/abc", "stat").watchers.size).toBe(0);
  });

  it.each([1, 2, 3])("goes on behind a rotation that keeps %i files", async files => {
    sys.files.append(PATH, lines(1, 2));
    const following = new Following();
    await settle();
    sys.files.append(PATH, lines(3, 3)); // at the last moment
    rotate(files);
    sys.files.append(PATH, lines(4, 4));
    await settle();
    expect(following.found).toEqual(["line 1", "line 2", "line 3", "line 4"]);
    sys.files.append(PATH, lines(5, 5));
    following.end();
    await following.done;
    expect(following.found.at(-1)).toBe("line 5");
  });

  it("goes through all files of several rotations", async () => {
    sys.files.append(PATH, lines(1, 1));
    const following = new Following();
    await settle();
    for (let n = 2; n <= 4; n++) {
      rotate(5);
      sys.files.append(PATH, lines(n, n));
    }
    following.end();
    await following.done;
    expect(following.found).toEqual(["line 1", "line 2", "line 3", "line 4"]);
  });

  it("waits where the log is being rotated right now", async () => {
    sys.files.append(PATH, lines(1, 1));
    const following = new Following();
    await settle();
    sys.files.rename(PATH, `${PATH}.1`);
    await settle();
    sys.files.append(PATH, lines(2, 2));
    await settle();
    expect(following.found).toEqual(["line 1", "line 2"]);
    following.end();
    await following.done;
  });

  it("takes the oldest that is left where its file was dropped", async () => {
    sys.files.append(PATH, lines(1, 1));
    const following = new Following();
    await settle();
    for (let n = 2; n <= 5; n++) {
      rotate(3);
      sys.files.append(PATH, lines(n, n));
    }
    following.end();
    await following.done;
    expect(following.found).toEqual(["line 1", "line 3", "line 4", "line 5"]);
  });

  it("closes its files and watches", async () => {
    const following = new Following();
    following.end();
    await following.done;
    expect(sys.files.tree.get("/containers/abc", "stat").watchers.size).toBe(0);
  });
});
