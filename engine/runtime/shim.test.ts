import { beforeEach, describe, expect, it } from "vitest";
import type { FakeConnection } from "../sys/fake/connection.ts";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { FakeShims } from "../testing/fake-shim.ts";
import { readExit, type Shim, type ShimOptions, Shims, StepError } from "./shim.ts";

const DIRECTORY = "/run/shim/abc";

let sys: FakeSys;
let shims: FakeShims;

beforeEach(() => {
  sys = fakeSys();
  shims = new FakeShims(sys);
});

const options: ShimOptions = {
  program: { settings: [["clone", 0]], steps: [["session"], ["chdir", "/x"], ["exec", "sh"]] },
  tty: true,
  openStdin: true,
  stdinOnce: false,
  attachments: [],
};

function start(more: Partial<ShimOptions> = {}): Promise<Shim> {
  return new Shims(sys, "/bin/shim").start(DIRECTORY, "abc", { ...options, ...more });
}

/** A client's connection: what the daemon would hold, and the client's own end. */
function client(): { ours: FakeConnection; theirs: FakeConnection } {
  const [ours, theirs] = sys.sockets.pair();
  return { ours, theirs };
}

const attachment = {
  stdin: true,
  stdout: true,
  stderr: false,
  detachKeys: Uint8Array.of(16, 17),
  early: new Uint8Array(),
};

describe("starting", () => {
  it("resolves with the process's number once it runs", async () => {
    const shim = await start();
    expect(shim.pid).toBe(shims.latest.pid);
    expect(shims.latest.settings).toEqual([
      ["stdio", "1", "1", "0"],
      ["clone", "0"],
    ]);
    expect(shims.latest.steps).toEqual([["session"], ["chdir", "/x"], ["exec", "sh"]]);
  });

  it("leaves no descriptor open but the status connection", async () => {
    const before = sys.sockets.descriptors.count;
    await start();
    expect(sys.sockets.descriptors.count).toBe(before + 2); // ours, and the shim's
  });

  it("hands clients over that must miss nothing", async () => {
    const { ours, theirs } = client();
    await start({
      attachments: [{ ...attachment, fd: ours.fd, early: new TextEncoder().encode("hi") }],
    });
    ours.close();
    const [joined] = shims.latest.clients;
    expect(joined?.words).toEqual(["1", "1", "0", "1011", "6869"]);
    await joined?.connection.write("output");
    const buffer = new Uint8Array(10);
    expect(new TextDecoder().decode(buffer.subarray(0, await theirs.read(buffer)))).toBe("output");
  });

  it("rejects with the step that failed", async () => {
    shims.onStart = shim => shim.fail(1, 2, "some detail");
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StepError);
    expect(error).toMatchObject({ step: "chdir", code: 2, detail: "some detail", record: ["chdir", "/x"] });
    expect(sys.sockets.descriptors.count).toBe(0);
  });

  it("rejects where the shim itself fails", async () => {
    shims.onStart = shim => shim.fail(-1, 0, "cannot open /x");
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ record: null, detail: "cannot open /x" });
  });

  it("rejects where the shim dies", async () => {
    shims.onStart = shim => shim.die();
    await expect(start()).rejects.toThrow("the shim ended before it had started anything");
    expect(sys.sockets.descriptors.count).toBe(0);
  });

  it("leaves no descriptor behind where the shim cannot be started", async () => {
    sys.processes.onSpawn = () => {
      throw new Error("no such file");
    };
    await expect(start()).rejects.toThrow("no such file");
    expect(sys.sockets.descriptors.count).toBe(0);
  });
});

describe("the end of a process", () => {
  it("is told with its time", async () => {
    const shim = await start();
    shims.latest.exit(3);
    expect(await shim.exited).toEqual({ code: 3, signal: 0, timeNs: `${sys.clock.now()}000000` });
  });

  it("is read from the shim's file where the shim could not tell", async () => {
    const shim = await start();
    sys.files.writeAtomic(`${DIRECTORY}/exit`, "143 15 1700000000000000000");
    shims.latest.die();
    expect(await shim.exited).toEqual({ code: 143, signal: 15, timeNs: "1700000000000000000" });
  });

  it("counts as a kill where nobody saw it", async () => {
    const shim = await start();
    shims.latest.die();
    expect(await shim.exited).toEqual({ code: 137, signal: 9, timeNs: "" });
    expect(readExit(sys.files, DIRECTORY)).toBeNull();
  });

  it("is an error where it cannot be read", async () => {
    const shim = await start();
    sys.files.writeAtomic(`${DIRECTORY}/exit`, "garbage");
    shims.latest.die();
    await expect(shim.exited).rejects.toThrow("a shim's exit line: garbage");
  });

  it("leaves nothing once it is cleaned up", async () => {
    const shim = await start();
    shims.latest.exit(0);
    await shim.exited;
    shim.cleanUp();
    expect(sys.files.exists(DIRECTORY)).toBe(false);
    expect(sys.sockets.descriptors.count).toBe(0);
  });
});

describe("a running shim", () => {
  it("is told of the terminal's size", async () => {
    const shim = await start();
    await shim.resize(24, 80);
    expect(shims.latest.resizes).toEqual(["24 80"]);
  });

  it.each([
    ["detached", "detached"],
    ["closed", "closed"],
  ])("takes clients, and tells when they are %s", async (said, expected) => {
    const shim = await start();
    const { ours } = client();
    const ended = shim.attach({ ...attachment, detachKeys: new Uint8Array(), fd: ours.fd });
    await expect.poll(() => shims.latest.clients.length).toBe(1);
    expect(shims.latest.clients[0]?.words).toEqual(["1", "1", "0", "-"]);
    await shims.latest.clients[0]?.end(said);
    expect(await ended).toBe(expected);
  });

  it("that dies has closed its clients", async () => {
    const shim = await start();
    const { ours } = client();
    const ended = shim.attach({ ...attachment, fd: ours.fd });
    await expect.poll(() => shims.latest.clients.length).toBe(1);
    await shims.latest.clients[0]?.end("");
    expect(await ended).toBe("closed");
  });

  it("is found again by the next daemon", async () => {
    await start();
    sys = restarted(sys);
    const adopted = await new Shims(sys, "/bin/shim").adopt(DIRECTORY);
    expect(adopted?.pid).toBe(shims.latest.pid);
    shims.latest.exit(0);
    expect((await adopted?.exited)?.code).toBe(0);
  });

  it("is not found where it has gone", async () => {
    await start();
    shims.latest.die();
    sys = restarted(sys);
    const before = sys.sockets.descriptors.count;
    expect(await new Shims(sys, "/bin/shim").adopt(DIRECTORY)).toBeNull();
    expect(await new Shims(sys, "/bin/shim").adopt("/run/shim/none")).toBeNull();
    expect(sys.sockets.descriptors.count).toBe(before);
  });
});
