import { LinkError } from "../../protocol/link-error.ts";
import { type GuestStreamHandler, Link, type LinkState } from "../../protocol/link.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { loadAsset, loadModule } from "../load.ts";
import { MachineError } from "../machine-error.ts";
import { type MachineState, step } from "../machine-state.ts";
import type {
  Asset,
  BootOptions,
  EmulatorCode,
  Machine,
  MachineFailure,
  MachineIdentity,
  MachineObserver,
  MachineProgress,
  RestoreOptions,
  SaveOptions,
  SavedMachine,
} from "../machine.ts";
import { type Snapshot, decodeSnapshot, encodeSnapshot, gzip, unpackState } from "../snapshot.ts";
import { Emulator, type KernelFiles } from "./emulator.ts";
import { V86_VERSION } from "./v86.ts";

/** Our kernel's standing arguments: the console is serial, and the emulated counter does not drift. */
const COMMAND_LINE = "console=ttyS0 rdinit=/sbin/init mitigations=off nokaslr tsc=reliable quiet";
/** Milliseconds after which a hello is repeated: a guest fresh from a restore needs about one second. */
const HELLO_PATIENCE = 3000;
/** Milliseconds that a guest may take to come up; a slow phone needs ten times what a desktop does. */
const BOOT_LIMIT = 300_000;
const RESTORE_LIMIT = 60_000;

/** The machine where v86 runs: in a worker, or in Node. */
export class MachineHost implements Machine {
  #state: MachineState = "off";
  #emulator: Emulator | undefined;
  #link: Link | undefined;
  #memory = 0;
  #guestStream: GuestStreamHandler | undefined;
  readonly #observers: MachineObserver[] = [];

  get state(): MachineState {
    return this.#state;
  }

  observe(observer: MachineObserver): void {
    this.#observers.push(observer);
  }

  async boot(options: BootOptions): Promise<void> {
    this.#enter("loading");
    await this.#failing(async () => {
      const [module, boot] = [await this.#loadEmulator(options.wasm), await this.#loadKernel(options)];
      const emulator = await this.#create(options.identity, options.memory, module, boot);
      this.#enter("booting");
      this.#progress({ step: "boot" });
      await emulator.run();
      await this.#comeUp(BOOT_LIMIT);
    });
  }

  async restore(options: RestoreOptions): Promise<void> {
    this.#enter("loading");
    await this.#failing(async () => {
      const [module, file] = await Promise.all([
        this.#loadEmulator(options.wasm),
        this.#load(options.snapshot, "machine"),
      ]);
      const snapshot = decodeSnapshot(new Uint8Array(file), V86_VERSION);
      const emulator = await this.#create(options.identity, snapshot.header.memory, module);
      await this.#putState(emulator, snapshot);
      await emulator.run();
      this.#link?.greet();
      await this.#comeUp(RESTORE_LIMIT);
    });
  }

  open(request: OpenRequest): GuestStream {
    return this.#started().link.open(request);
  }

  onGuestStream(handler: GuestStreamHandler): void {
    this.#guestStream = handler;
    this.#link?.onGuestStream(handler);
  }

  async stop(): Promise<void> {
    const { emulator } = this.#started();
    this.#enter("stopped");
    await emulator.stop();
  }

  async resume(): Promise<void> {
    const { emulator } = this.#started();
    this.#enter("running");
    await emulator.run();
  }

  async save(options: SaveOptions): Promise<SavedMachine> {
    const { emulator } = this.#started();
    if (this.#state !== "running" && this.#state !== "stopped") {
      throw new MachineError("state", `a machine that is ${this.#state} cannot be saved`);
    }
    const state = new Uint8Array(await emulator.save());
    const payload = options.compression === "gzip" ? await gzip(state) : state;
    const facts = { v86: V86_VERSION, memory: this.#memory, base: options.base ?? "", size: state.length };
    const file = encodeSnapshot({ ...facts, compression: options.compression }, payload);
    return { header: decodeSnapshot(file, V86_VERSION).header, file };
  }

  async destroy(): Promise<void> {
    if (this.#state === "off") return;
    this.#enter("off");
    await this.#release(new LinkError("ENOTCONN", "the machine was switched off"));
  }

  /** For the worker: v86 failed outside of any call of ours. */
  fail(error: unknown): void {
    if (this.#state === "off" || this.#state === "failed") return;
    const { kind, message } = MachineError.from(error, "guest");
    this.#enter("failed", { kind, message });
    // An emulator that broke never stops: nobody can wait for it.
    void this.#release(new LinkError("EIO", message));
  }

  async #load(asset: Asset, what: string): Promise<ArrayBuffer> {
    return loadAsset(asset, what, progress => this.#progress(progress));
  }

  async #loadEmulator(code: EmulatorCode): Promise<WebAssembly.Module> {
    return loadModule(code, "emulator", progress => this.#progress(progress));
  }

  async #loadKernel(options: BootOptions): Promise<KernelFiles> {
    const [bios, vgaBios, kernel, initrd] = await Promise.all([
      this.#load(options.bios, "BIOS"),
      this.#load(options.vgaBios, "VGA BIOS"),
      this.#load(options.kernel, "kernel"),
      this.#load(options.initrd, "file system"),
    ]);
    const commandLine = [COMMAND_LINE, options.commandLine ?? ""].join(" ").trim();
    return { bios, vgaBios, kernel, initrd, commandLine };
  }

  async #create(
    identity: MachineIdentity,
    memory: number,
    module: WebAssembly.Module,
    boot?: KernelFiles,
  ): Promise<Emulator> {
    this.#progress({ step: "compile" });
    const emulator = await Emulator.create({ module, memory, ...(boot === undefined ? {} : { boot }) });
    const link = new Link({
      data: emulator.port(1),
      control: emulator.port(2),
      identity,
      now: () => Date.now(),
      random: bytes => crypto.getRandomValues(new Uint8Array(bytes)),
      later: (milliseconds, callback) => {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      },
      patience: HELLO_PATIENCE,
      onState: state => this.#followLink(state),
    });
    if (this.#guestStream !== undefined) link.onGuestStream(this.#guestStream);
    this.#emulator = emulator;
    this.#link = link;
    this.#memory = memory;
    return emulator;
  }

  async #putState(emulator: Emulator, snapshot: Snapshot): Promise<void> {
    this.#enter("restoring");
    this.#progress({ step: "restore" });
    await emulator.restore(await unpackState(snapshot));
  }

  /** A link that begins anew later, because the agent was started again, is no matter of the machine's. */
  #followLink(state: LinkState): void {
    if (state === "greeting" && (this.#state === "booting" || this.#state === "restoring")) {
      this.#enter("handshaking");
      this.#progress({ step: "handshake" });
    } else if (state === "live" && this.#state === "handshaking") {
      this.#enter("running");
    }
  }

  /** Waits for the guest's agent. */
  async #comeUp(limit: number): Promise<void> {
    const { emulator, link } = this.#started();
    const timer = setTimeout(() => {
      const seconds = limit / 1000;
      const message = `the guest did not answer within ${seconds} s; its console says:\n${emulator.consoleTail}`;
      link.close(new LinkError("ETIMEDOUT", message));
    }, limit);
    try {
      await link.live;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs a start; whatever goes wrong in it leaves the machine `failed`. */
  async #failing(start: () => Promise<void>): Promise<void> {
    try {
      await start();
    } catch (error) {
      const failure = MachineError.from(error, "guest");
      // Switched off meanwhile: then that is what the caller learns, and nothing has failed.
      if (this.#state !== "off") this.fail(failure);
      throw failure;
    }
  }

  #started(): { emulator: Emulator; link: Link } {
    if (this.#emulator === undefined || this.#link === undefined) {
      throw new MachineError("state", `the machine is ${this.#state}`);
    }
    return { emulator: this.#emulator, link: this.#link };
  }

  async #release(reason: LinkError): Promise<void> {
    const emulator = this.#emulator;
    this.#link?.close(reason);
    this.#link = undefined;
    this.#emulator = undefined;
    await emulator?.destroy();
  }

  #enter(next: MachineState, failure?: MachineFailure): void {
    this.#state = step(this.#state, next);
    for (const observer of this.#observers) observer.state?.(next, failure);
  }

  #progress(progress: MachineProgress): void {
    for (const observer of this.#observers) observer.progress?.(progress);
  }
}
