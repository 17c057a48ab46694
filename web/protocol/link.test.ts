import { beforeEach, describe, expect, it } from "vitest";
import { BytePipe, collect } from "./byte-pipe.ts";
import { FakeGuest } from "./fake-guest.ts";
import { LinkError } from "./link-error.ts";
import { Link } from "./link.ts";
import type { OpenRequest } from "./open-request.ts";
import type { GuestStream, StreamEnd } from "./stream.ts";
import { decodeText, encodeText } from "./text.ts";
import { FrameType, WINDOW_TO_GUEST, WINDOW_TO_PAGE, encodeU32 } from "./wire.ts";

const EXEC: OpenRequest = { kind: "exec", argv: ["cat"] };
const UNIX: OpenRequest = { kind: "unix", path: "/run/x.sock" };

interface Timer {
  readonly milliseconds: number;
  readonly callback: () => void;
}

let guest: FakeGuest;
let link: Link;
let timers: Set<Timer>;
let randomCalls: number;

/** Lets everything that is due as a microtask happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Lets the guest read one chunk at a time until the page is silent; returns the number of chunks. */
async function readAll(): Promise<number> {
  let chunks = 0;
  await settle();
  while (guest.read(1) > 0) {
    chunks++;
    await settle();
  }
  return chunks;
}

async function goLive(): Promise<void> {
  link.greet();
  guest.answerHello();
  await link.live;
}

beforeEach(() => {
  guest = new FakeGuest();
  timers = new Set();
  randomCalls = 0;
  link = new Link({
    data: guest.data,
    control: guest.control,
    identity: { hostname: "node2", node: 2 },
    now: () => 1_700_000_000_123.4,
    random: bytes => new Uint8Array(bytes).fill(++randomCalls),
    later: (milliseconds, callback) => {
      const timer = { milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    patience: 3000,
  });
});

describe("the handshake", () => {
  it("tells the guest who and when it is", async () => {
    link.greet();
    expect(guest.answerHello()).toEqual({
      epoch: "01".repeat(8),
      time: "1700000000123",
      hostname: "node2",
      node: "2",
      seed: "02".repeat(32),
    });
    await link.live;
    expect(timers.size).toBe(0);
  });

  it("waits for a booting guest's agent before it sends anything", async () => {
    link.open(UNIX);
    await settle();
    expect([guest.control.waiting.length, guest.data.waiting.length]).toEqual([0, 0]);
    guest.start();
    guest.answerHello();
    await link.live;
    await readAll();
    expect(guest.takeFrames().map(frame => frame.type)).toEqual([FrameType.open]);
  });

  it("says hello again when there is no answer, and ignores the answer to the first", async () => {
    link.greet();
    const [timer] = timers;
    const first = guest.control.waiting.splice(0);
    timers.clear();
    timer?.callback();
    expect([timer, ...timers].map(waiting => waiting?.milliseconds)).toEqual([3000, 6000]);
    const second = guest.control.waiting.splice(0);
    guest.control.waiting.push(...first);
    guest.answerHello();
    expect(link.state).toBe("greeting");
    guest.control.waiting.push(...second);
    guest.answerHello();
    expect(link.state).toBe("live");
  });

  it("ignores an earlier page's streams until the guest is ready", async () => {
    const stream = link.open(EXEC);
    guest.putData(1, encodeText("stale"));
    await goLive();
    await readAll();
    guest.putData(1, encodeText("fresh"));
    guest.put(FrameType.eof, 1);
    guest.put(FrameType.exit, 1, Uint8Array.of(0, 0));
    expect(decodeText((await collect(stream)).stdout)).toBe("fresh");
  });

  it("recovers when the agent starts again", async () => {
    await goLive();
    const lost = link.open(EXEC);
    await readAll();
    guest.start();
    expect(await lost.closed).toMatchObject({ how: "reset", error: { code: "ECONNRESET" } });
    const kept = link.open(UNIX);
    guest.answerHello();
    await readAll();
    expect(guest.takeFrames().at(-1)).toMatchObject({ type: FrameType.open, stream: kept.nature.number });
  });

  it("closes when the guest speaks another version", async () => {
    link.greet();
    guest.control.waiting.length = 0;
    guest.control.deliver(encodeText(`ready\nepoch=${"01".repeat(8)}\nversion=2\n`));
    await expect(link.live).rejects.toMatchObject({ code: "EPROTO" });
    expect(() => link.open(UNIX)).toThrow(LinkError);
  });
});

describe("chunks", () => {
  it("puts one typed byte into one chunk", async () => {
    await goLive();
    const stream = link.open({ kind: "pty", rows: 24, columns: 80, argv: ["sh"] });
    await readAll();
    stream.send(encodeText("x"));
    expect(await readAll()).toBe(1);
  });

  it("puts what one task says into one chunk", async () => {
    await goLive();
    const streams = Array.from({ length: 5 }, () => link.open(UNIX));
    for (const stream of streams) stream.send(encodeText("request"));
    expect(await readAll()).toBe(1);
    expect(streams.map(stream => guest.receivedText(stream.nature.number))).toEqual(Array(5).fill("request"));
  });

  it("never overruns the guest's buffers", async () => {
    await goLive();
    for (let i = 0; i < 10; i++) link.open(EXEC).send(new Uint8Array(60_000));
    await settle();
    expect(guest.data.waiting.length).toBe(8);
    await readAll();
    expect(guest.data.lost).toBe(0);
    for (let i = 0; i < 10; i++) expect(byteCount(guest.received.get(2 * i + 1))).toBe(60_000);
  });

  it("gives streams their turns", async () => {
    await goLive();
    const [big, small] = [link.open(EXEC), link.open(EXEC)];
    big.send(new Uint8Array(60_000));
    await settle();
    small.send(encodeText("me too"));
    guest.read(8);
    await settle();
    guest.read(2);
    expect(guest.receivedText(small.nature.number)).toBe("me too");
    expect(byteCount(guest.received.get(big.nature.number))).toBeLessThan(60_000);
  });

  it("carries an OPEN longer than a chunk", async () => {
    await goLive();
    link.open({ kind: "exec", argv: ["echo", "x".repeat(10_000)] });
    link.open(UNIX).send(encodeText("data"));
    await readAll();
    const [long, short] = guest.takeFrames();
    expect(decodeText(long?.payload ?? new Uint8Array())).toBe(`exec\0--\0echo\0${"x".repeat(10_000)}\0`);
    expect(short).toMatchObject({ type: FrameType.open, stream: 3 });
    expect(guest.receivedText(3)).toBe("data");
  });
});

function byteCount(pieces: readonly Uint8Array[] = []): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

describe("windows", () => {
  it("sends no more than the guest's window, and the rest when it opens", async () => {
    await goLive();
    const stream = link.open(EXEC);
    stream.send(new Uint8Array(WINDOW_TO_GUEST + 5000));
    stream.end();
    await readAll();
    expect(byteCount(guest.received.get(1))).toBe(WINDOW_TO_GUEST);
    expect(stream.queued).toBe(5000);
    expect(guest.takeFrames().map(frame => frame.type)).toEqual([FrameType.open]);
    guest.put(FrameType.window, 1, encodeU32(32 * 1024));
    await readAll();
    expect(byteCount(guest.received.get(1))).toBe(WINDOW_TO_GUEST + 5000);
    expect(guest.takeFrames().map(frame => frame.type)).toEqual([FrameType.eof]);
  });

  it("lets a writer wait until the guest takes more", async () => {
    await goLive();
    const pipe = new BytePipe(link.open(EXEC));
    let written = false;
    const writing = pipe.write(new Uint8Array(WINDOW_TO_GUEST * 3)).then(() => (written = true));
    await readAll();
    expect(written).toBe(false);
    guest.put(FrameType.window, 1, encodeU32(WINDOW_TO_GUEST));
    await readAll();
    await writing;
    expect(pipe.stream.queued).toBe(WINDOW_TO_GUEST);
  });

  it("opens the page's window only for what was consumed", async () => {
    await goLive();
    const stream = link.open(EXEC);
    const seen: number[] = [];
    stream.attach({ data: bytes => void seen.push(bytes.length), closed: () => undefined });
    await readAll();
    guest.takeFrames();
    guest.putData(1, new Uint8Array(WINDOW_TO_PAGE));
    await readAll();
    expect([seen, guest.takeFrames()]).toEqual([[WINDOW_TO_PAGE], []]);
    stream.consumed(100_000);
    await readAll();
    expect(guest.takeFrames()).toEqual([{ type: FrameType.window, stream: 1, payload: encodeU32(100_000) }]);
  });

  it("resets a stream whose guest overruns the window", async () => {
    await goLive();
    const stream = link.open(EXEC);
    guest.putData(1, new Uint8Array(WINDOW_TO_PAGE + 1));
    expect(await stream.closed).toMatchObject({ how: "reset", error: { code: "EPROTO" } });
  });
});

describe("streams", () => {
  it("keeps stdout and stderr apart and tells how the process ended", async () => {
    await goLive();
    const stream = link.open({
      kind: "exec",
      argv: ["sh", "-c", "exit 3"],
      env: { A: "b=c" },
      cwd: "/tmp",
    });
    const result = collect(stream);
    await readAll();
    expect(decodeText(guest.takeFrames()[0]?.payload ?? new Uint8Array())).toBe(
      "exec\0env=A=b=c\0cwd=/tmp\0--\0sh\0-c\0exit 3\0",
    );
    guest.put(FrameType.opened, 1, encodeU32(4711));
    expect(await stream.opened).toBe(4711);
    guest.putData(1, encodeText("out "));
    guest.putData(1, encodeText("err"), 1);
    guest.putData(1, encodeText("more"));
    guest.put(FrameType.eof, 1);
    guest.put(FrameType.exit, 1, Uint8Array.of(3, 0));
    const { stdout, stderr, end } = await result;
    expect([decodeText(stdout), decodeText(stderr), end]).toEqual([
      "out more",
      "err",
      { how: "exit", code: 3, signal: 0 },
    ]);
  });

  it("passes on why a stream could not be opened", async () => {
    await goLive();
    const stream = link.open({ kind: "tcp", address: "127.0.0.1", port: 1 });
    guest.put(FrameType.reset, 1, encodeText("ECONNREFUSED: connect: Connection refused"));
    await expect(stream.opened).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: "connect: Connection refused",
    });
  });

  it("ends a connection when both sides have", async () => {
    await goLive();
    const stream = link.open(UNIX);
    const ends: StreamEnd[] = [];
    stream.attach({ data: () => undefined, closed: end => void ends.push(end) });
    guest.put(FrameType.eof, 1);
    await settle();
    expect(ends).toEqual([]);
    stream.send(encodeText("last words"));
    stream.end();
    await readAll();
    expect(ends).toEqual([{ how: "finished" }]);
    expect(guest.receivedText(1)).toBe("last words");
  });

  it("sends sizes and signals", async () => {
    await goLive();
    const stream = link.open({ kind: "pty", rows: 24, columns: 80, argv: ["sh"] });
    stream.resize(40, 300);
    stream.signal(15);
    await readAll();
    expect(guest.takeFrames().slice(1)).toEqual([
      { type: FrameType.resize, stream: 1, payload: Uint8Array.of(40, 0, 44, 1) },
      { type: FrameType.signal, stream: 1, payload: Uint8Array.of(15) },
    ]);
  });

  it("delivers what came before the sink", async () => {
    await goLive();
    const stream = link.open(UNIX);
    guest.putData(1, encodeText("early"));
    guest.put(FrameType.eof, 1);
    const pipe = new BytePipe(stream);
    expect(decodeText((await pipe.read())?.bytes ?? new Uint8Array())).toBe("early");
    expect(await pipe.read()).toBeUndefined();
  });
});

/** Opens and ends streams until the numbers begin anew; returns those that came after the wrap. */
function wrapAround(): number {
  for (;;) {
    const stream = link.open(EXEC);
    const { number } = stream.nature;
    guest.put(FrameType.exit, number, Uint8Array.of(0, 0));
    if (number === 65535) return link.open(EXEC).nature.number;
  }
}

describe("numbers", () => {
  it("reuses a number only when the guest has answered the page's reset", async () => {
    await goLive();
    const first = link.open(EXEC);
    first.reset(new LinkError("ECANCELED", "no longer needed"));
    const second = link.open(EXEC);
    second.reset(new LinkError("ECANCELED", "no longer needed"));
    guest.putData(1, encodeText("was on its way"));
    guest.put(FrameType.reset, 3);
    expect([first.nature.number, second.nature.number, wrapAround()]).toEqual([1, 3, 3]);
  });

  it("counts an exit that crossed the reset as the answer", async () => {
    await goLive();
    const first = link.open(EXEC);
    first.reset(new LinkError("ECANCELED", "no longer needed"));
    guest.put(FrameType.eof, 1);
    guest.put(FrameType.exit, 1, Uint8Array.of(0, 0));
    expect(await first.closed).toMatchObject({ how: "reset", error: { code: "ECANCELED" } });
    expect(wrapAround()).toBe(1);
  });
});

describe("streams of the guest", () => {
  const ACCEPT = encodeText("accept\0http\x0010.0.0.2:4000\x00198.18.0.1:80\0");

  it("go to whoever serves them", async () => {
    await goLive();
    const opens: unknown[] = [];
    let served: GuestStream | undefined;
    link.onGuestStream((open, stream) => {
      opens.push(open);
      served = stream;
    });
    guest.put(FrameType.open, 2, ACCEPT);
    guest.put(FrameType.open, 4, encodeText("datagram\0dns\x0010.0.0.2:5000\0"));
    guest.putData(4, encodeText("query"));
    guest.put(FrameType.eof, 4);
    expect(opens).toEqual([
      { kind: "accept", listener: "http", peer: "10.0.0.2:4000", local: "198.18.0.1:80" },
      { kind: "datagram", listener: "dns", peer: "10.0.0.2:5000" },
    ]);
    if (served === undefined) throw new Error("no stream was served");
    const pipe = new BytePipe(served);
    expect(decodeText((await pipe.read())?.bytes ?? new Uint8Array())).toBe("query");
    await pipe.write(encodeText("answer"));
    pipe.end();
    await readAll();
    expect(guest.receivedText(4)).toBe("answer");
    expect(await served.closed).toEqual({ how: "finished" });
  });

  it("are refused when nobody serves them", async () => {
    await goLive();
    guest.put(FrameType.open, 2, ACCEPT);
    await readAll();
    expect(guest.takeFrames().map(frame => [frame.type, decodeText(frame.payload)])).toEqual([
      [FrameType.reset, "ECONNREFUSED: nobody serves the guest's streams"],
    ]);
  });

  it("are answered when the guest resets them, so that it may use the number again", async () => {
    await goLive();
    link.onGuestStream(() => undefined);
    guest.put(FrameType.open, 2, ACCEPT);
    guest.put(FrameType.reset, 2, encodeText("ETIMEDOUT: no answer: Connection timed out"));
    await readAll();
    expect(guest.takeFrames().map(frame => frame.type)).toEqual([FrameType.opened, FrameType.reset]);
  });
});
