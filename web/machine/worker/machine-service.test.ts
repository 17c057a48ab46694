import { expose } from "comlink";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeGuest } from "../../protocol/fake-guest.ts";
import { type GuestStreamHandler, Link } from "../../protocol/link.ts";
import { BytePipe, collect } from "../../protocol/byte-pipe.ts";
import { deferred } from "../../protocol/deferred.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import { FrameType, encodeU32 } from "../../protocol/wire.ts";
import { MachineClient } from "../machine-client.ts";
import { MachineError } from "../machine-error.ts";
import type { MachineState } from "../machine-state.ts";
import type { Machine, MachineObserver, RestoreOptions, SavedMachine } from "../machine.ts";
import { MachineService } from "./machine-service.ts";

/** A machine whose guest the test plays. */
class FakeMachine implements Machine {
  readonly guest = new FakeGuest();
  readonly link = new Link({
    data: this.guest.data,
    control: this.guest.control,
    identity: { hostname: "node1", node: 1 },
    now: () => 0,
    random: bytes => new Uint8Array(bytes),
    later: () => () => undefined,
    patience: 1,
  });
  state: MachineState = "off";
  #observer: MachineObserver = {};

  observe(observer: MachineObserver): void {
    this.#observer = observer;
  }

  boot(): Promise<void> {
    return Promise.reject(new MachineError("memory", "too little memory"));
  }

  restore(options: RestoreOptions): Promise<void> {
    this.#observer.progress?.({ step: "download", what: options.identity.hostname, loaded: 1, total: 2 });
    this.link.greet();
    this.guest.answerHello();
    this.#observer.state?.("running");
    return this.link.live;
  }

  open(request: OpenRequest): GuestStream {
    return this.link.open(request);
  }

  onGuestStream(handler: GuestStreamHandler): void {
    this.link.onGuestStream(handler);
  }

  stop(): Promise<void> {
    this.#observer.state?.("failed", { kind: "guest", message: "it died" });
    return Promise.resolve();
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  save(): Promise<SavedMachine> {
    const header = { format: "drydock-machine", version: 1, v86: "0", memory: 1, base: "", size: 3 } as const;
    return Promise.resolve({ header: { ...header, compression: "none" }, file: Uint8Array.of(1, 2, 3) });
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

const NOTHING = { bytes: new ArrayBuffer(0) };

/** Bytes are handed over, so everyone needs their own. */
function restoreOptions(): RestoreOptions {
  return {
    identity: { hostname: "node1", node: 1 },
    wasm: { bytes: new ArrayBuffer(4) },
    snapshot: { bytes: new ArrayBuffer(8) },
  };
}

let machine: FakeMachine;
let client: MachineClient;
let ports: MessagePort[];

beforeEach(() => {
  machine = new FakeMachine();
  const { port1, port2 } = new MessageChannel();
  ports = [port1, port2];
  expose(new MachineService(machine), port1);
  client = new MachineClient(port2);
});

afterEach(() => {
  for (const port of ports) port.close();
});

it("tells the page of states and progress, in their order", async () => {
  const events: unknown[] = [];
  const failed = deferred<void>();
  client.observe({
    state: (state, failure) => {
      events.push([state, failure?.message]);
      if (state === "failed") failed.resolve();
    },
    progress: progress => events.push(progress),
  });
  await client.restore(restoreOptions());
  await client.stop();
  await failed.promise;
  expect(events).toEqual([
    { step: "download", what: "node1", loaded: 1, total: 2 },
    ["running", undefined],
    ["failed", "it died"],
  ]);
  expect(client.state).toBe("failed");
});

it("keeps the kind of an error", async () => {
  await expect(
    client.boot({
      ...restoreOptions(),
      bios: NOTHING,
      vgaBios: NOTHING,
      kernel: NOTHING,
      initrd: NOTHING,
      memory: 512,
    }),
  ).rejects.toMatchObject({
    name: "MachineError",
    kind: "memory",
    message: "too little memory",
  });
});

it("opens streams before and after the machine runs", async () => {
  const early = client.open({ kind: "exec", argv: ["true"] });
  await client.restore(restoreOptions());
  const late = client.open({ kind: "unix", path: "/run/x" });
  late.send(encodeText("query"));
  late.end();
  while (!machine.guest.received.has(3)) {
    machine.guest.read(8);
    await new Promise<void>(resolve => void setImmediate(resolve));
  }
  machine.guest.put(FrameType.opened, 1, encodeU32(99));
  machine.guest.put(FrameType.eof, 1);
  machine.guest.put(FrameType.exit, 1, Uint8Array.of(5, 0));
  machine.guest.putData(3, encodeText("answer"));
  machine.guest.put(FrameType.eof, 3);
  expect([await early.opened, await early.closed]).toEqual([99, { how: "exit", code: 5, signal: 0 }]);
  expect(machine.guest.receivedText(3)).toBe("query");
  const { stdout, end } = await collect(late);
  expect([decodeText(stdout), end]).toEqual(["answer", { how: "finished" }]);
});

it("hands the guest's streams to the page", async () => {
  const served = deferred<GuestStream>();
  client.onGuestStream((open, stream) => {
    expect(open).toEqual({ kind: "datagram", listener: "dns", peer: "10.0.0.2:1" });
    served.resolve(stream);
  });
  await client.restore(restoreOptions());
  machine.guest.put(FrameType.open, 2, encodeText("datagram\0dns\x0010.0.0.2:1\0"));
  machine.guest.putData(2, encodeText("who?"));
  machine.guest.put(FrameType.eof, 2);
  const pipe = new BytePipe(await served.promise);
  expect(decodeText((await pipe.read())?.bytes ?? new Uint8Array())).toBe("who?");
  pipe.end();
  await pipe.stream.closed;
});

it("takes the bytes of what it restores from, and answers a ping", async () => {
  const options = restoreOptions();
  await client.restore(options);
  expect(options).toMatchObject({
    wasm: { bytes: { byteLength: 0 } },
    snapshot: { bytes: { byteLength: 0 } },
  });
  await expect(client.ping()).resolves.toBeUndefined();
});

it("hands a saved machine over", async () => {
  expect((await client.save({ compression: "none" })).file).toEqual(Uint8Array.of(1, 2, 3));
});
