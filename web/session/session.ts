import { type ReadonlySignal, batch, computed, effect, signal as observable } from "@preact/signals";
import { MachineError } from "../machine/machine-error.ts";
import type { Machine, MachineIdentity } from "../machine/machine.ts";
import type { MachineStore, StoredMachine } from "../machine/storage/machine-store.ts";
import { LinkError } from "../protocol/link-error.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream } from "../protocol/stream.ts";
import { collect } from "../protocol/byte-pipe.ts";
import type { GuestStreamHandler } from "../protocol/link.ts";
import { AutoSave } from "./auto-save.ts";
import type { BootProgress } from "./boot-progress.ts";
import { type ContainerAction, Containers } from "./engine/containers.ts";
import { EngineClient } from "./engine/engine-client.ts";
import type { MachineHandle, MakeMachine } from "./machine-handle.ts";
import { MachineRun } from "./machine-run.ts";
import type { MachineManifest } from "./manifest.ts";
import type { Problem } from "./problem.ts";
import { Quiet, pause } from "./quiet.ts";
import { Saves } from "./saves.ts";
import { Tabs } from "./tabs.ts";
import { type SignOfLife, Terminal } from "./terminal.ts";
import { WarmUp, type WarmUpCommand } from "./warm-up.ts";

/**
 * - `starting`: until the first terminal has something to show;
 * - `ready`: the learner can type;
 * - `failed`: see {@link Session.problem};
 * - `closed`: for good.
 */
export type SessionState = "starting" | "ready" | "failed" | "closed";

export interface SessionOptions {
  readonly makeMachine: MakeMachine;
  readonly manifest: MachineManifest;
  readonly identity: MachineIdentity;
  /** Serves what the machine opens: its internet. */
  readonly serveGuest: GuestStreamHandler;
  /** Keeps the machine from visit to visit. */
  readonly store: MachineStore;
  /** Commands to run unseen after each start; none switches the warm-up off. */
  readonly warmUp: readonly WarmUpCommand[];
}

/**
 * Milliseconds for which a terminal counts as busy. A command may take a while until it says something, and shall
 * have the machine for itself.
 */
const BUSY_AFTER: Readonly<Record<SignOfLife, number>> = { input: 6000, output: 800 };

/** One learner's machine with its terminals, as the page sees it. Start it with {@link restart}. */
export class Session {
  readonly warmUp: WarmUp;
  readonly tabs: Tabs;
  readonly containers = new Containers(pause);
  readonly saves: Saves;
  readonly #options: SessionOptions;
  readonly #quiet = new Quiet();
  readonly #autoSave: AutoSave;
  readonly #progress = observable<BootProgress>({ step: "download", loaded: 0, total: 0 });
  readonly #origin = observable<StoredMachine | undefined>(undefined);
  readonly #problem = observable<Problem | undefined>(undefined);
  /** Whether a terminal has had something to show since the machine began; it may be closed by now. */
  readonly #awake = observable(false);
  readonly #silent = observable(false);
  readonly #closed = observable(false);
  readonly #state: ReadonlySignal<SessionState>;
  #machine: Machine | undefined;
  #run: MachineRun | undefined;
  /** Ends what goes on beside a run. */
  #endOfRun = new AbortController();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.tabs = new Tabs((id, command) => this.#newTerminal(id, command));
    this.saves = new Saves(options.store, options.manifest.build);
    this.#autoSave = new AutoSave({ save: () => this.#keep(), now: () => performance.now() });
    this.warmUp = new WarmUp(command => this.#runQuietly(command), this.#quiet);
    this.#state = computed(() => {
      if (this.#closed.value) return "closed";
      if (this.#problem.value !== undefined) return "failed";
      return this.#awake.value ? "ready" : "starting";
    });
    effect(() => {
      if (this.tabs.terminals.value.some(({ spoken }) => spoken.value)) this.#awake.value = true;
    });
    this.#state.subscribe(state => {
      if (state === "ready") this.#beReady();
    });
    this.containers.rows.subscribe(() => this.#autoSave.changed());
  }

  get state(): ReadonlySignal<SessionState> {
    return this.#state;
  }

  /** How far the start has come. */
  get progress(): ReadonlySignal<BootProgress> {
    return this.#progress;
  }

  /** Why the session failed; undefined while it has not. */
  get problem(): ReadonlySignal<Problem | undefined> {
    return this.#problem;
  }

  /** Whether the machine has not answered for a while: it may hang, or have much to do. */
  get silent(): ReadonlySignal<boolean> {
    return this.#silent;
  }

  /** The saved machine that this one goes on from; undefined for a fresh one. */
  get origin(): ReadonlySignal<StoredMachine | undefined> {
    return this.#origin;
  }

  /** Starts the machine in place of the one that there may be: the saved one, where there is one. */
  restart(): void {
    this.#restart(() => this.saves.find());
  }

  /** Starts a fresh machine, and forgets the saved one. */
  reset(): void {
    this.#restart(() => {
      // Nobody has to wait for that: a later save comes after it.
      void this.saves.clear();
      return Promise.resolve(undefined);
    });
  }

  /** Keeps the machine as it is now. What comes of it shows in {@link saves}. */
  async save(): Promise<void> {
    this.#autoSave.settled();
    await this.#keep();
  }

  /** Puts a saved machine's file in the place of machine and saved machine, if it fits. */
  async open(file: Blob): Promise<void> {
    if (await this.saves.adopt(file)) this.restart();
  }

  /** Nobody looks at the page any more: it may not come back. */
  hidden(): void {
    this.#autoSave.hidden();
  }

  /** Does something to a container. Rejects with an `EngineCallError`. */
  async act(id: string, action: ContainerAction): Promise<void> {
    this.#autoSave.touched();
    await this.containers.act(id, action);
  }

  /** Opens a stream to the machine that runs now. Throws a {@link LinkError} (ENOTCONN) where there is none. */
  openStream(request: OpenRequest): GuestStream {
    if (this.#machine === undefined) throw new LinkError("ENOTCONN", "there is no machine");
    return this.#machine.open(request);
  }

  /** Ends the machine for good. */
  close(): void {
    this.#endRun();
    this.#closed.value = true;
  }

  #restart(find: () => Promise<StoredMachine | undefined>): void {
    if (this.#closed.value) return;
    this.#endRun();
    try {
      this.#begin(this.#options.makeMachine(), find());
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#fail({ kind: "unsupported", detail, fromSaved: false });
    }
  }

  #newTerminal(id: number, command: string | undefined): Terminal {
    const terminal = new Terminal(id, sign => this.#heed(sign), command);
    if (this.#machine !== undefined) terminal.connect(this.#machine);
    return terminal;
  }

  #heed(sign: SignOfLife): void {
    this.#quiet.touch(BUSY_AFTER[sign]);
    if (sign === "input") this.#autoSave.touched();
    else this.#autoSave.changed();
  }

  #begin(handle: MachineHandle, saved: Promise<StoredMachine | undefined>): void {
    handle.machine.onGuestStream(this.#options.serveGuest);
    const run = new MachineRun(handle, {
      progress: progress => {
        this.#progress.value = progress;
      },
      origin: stored => {
        this.#origin.value = stored;
      },
      reachable: machine => this.#takeMachine(machine),
      silent: silent => {
        this.#silent.value = silent;
      },
      failed: problem => this.#fail(problem),
    });
    this.#run = run;
    run.start(this.#options.manifest, this.#options.identity, saved);
  }

  #takeMachine(machine: Machine): void {
    this.#machine = machine;
    for (const terminal of this.tabs.terminals.value) terminal.connect(machine);
  }

  #beReady(): void {
    performance.mark("drydock: ready");
    const { signal: endOfRun } = this.#endOfRun;
    const machine = this.#machine;
    if (machine === undefined) return;
    // Later than whatever the page does with the first output.
    setTimeout(() => {
      if (endOfRun.aborted) return;
      void this.containers.follow(new EngineClient(machine), endOfRun);
      void this.warmUp.start(this.#options.warmUp, endOfRun);
    });
  }

  async #keep(): Promise<void> {
    const machine = this.#machine;
    if (machine?.state !== "running") return;
    // A machine that ends meanwhile never answers.
    const gone = rejection(this.#endOfRun.signal, "the machine ended before it was saved");
    await this.saves.save(base => Promise.race([machine.save({ compression: "none", base }), gone]));
  }

  #fail(problem: Problem): void {
    batch(() => {
      this.#endRun();
      this.#problem.value = problem;
    });
  }

  /** After this nothing of the last run is left but what its terminals show. */
  #endRun(): void {
    this.#endOfRun.abort();
    this.#endOfRun = new AbortController();
    this.#autoSave.reset();
    this.#run?.end();
    this.#run = undefined;
    this.#machine = undefined;
    batch(() => {
      this.#problem.value = undefined;
      this.#silent.value = false;
      this.#awake.value = false;
      this.#origin.value = undefined;
      for (const terminal of this.tabs.terminals.value) terminal.disconnect();
      this.containers.forget();
    });
  }

  async #runQuietly(argv: WarmUpCommand): Promise<number | undefined> {
    if (this.#machine === undefined) return undefined;
    const { end } = await collect(this.#machine.open({ kind: "exec", argv }));
    return end.how === "exit" ? end.code : undefined;
  }
}

/** Rejects with a {@link MachineError} when `signal` is aborted. */
function rejection(signal: AbortSignal, message: string): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new MachineError("state", message)), { once: true });
  });
  promise.catch(() => undefined);
  return promise;
}
