import { type ReadonlySignal, batch, computed, signal } from "@preact/signals";
import type { Machine, MachineIdentity } from "../machine/machine.ts";
import { LinkError } from "../protocol/link-error.ts";
import type { GuestStreamHandler } from "../protocol/link.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream } from "../protocol/stream.ts";
import { collect } from "../protocol/byte-pipe.ts";
import type { BootProgress } from "./boot-progress.ts";
import type { MachineHandle, MakeMachine } from "./machine-handle.ts";
import { MachineRun } from "./machine-run.ts";
import type { MachineManifest } from "./manifest.ts";
import type { Problem } from "./problem.ts";
import { Quiet } from "./quiet.ts";
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
  /** Commands to run unseen after each start; none switches the warm-up off. */
  readonly warmUp: readonly WarmUpCommand[];
}

const FIRST_TERMINAL = 1;
/**
 * Milliseconds for which a terminal counts as busy. A command may take a while until it says something, and shall
 * have the machine for itself.
 */
const BUSY_AFTER: Readonly<Record<SignOfLife, number>> = { input: 6000, output: 800 };

/** One learner's machine with its terminals, as the page sees it. Start it with {@link restart}. */
export class Session {
  readonly warmUp: WarmUp;
  readonly terminals: ReadonlySignal<readonly Terminal[]>;
  readonly #options: SessionOptions;
  readonly #quiet = new Quiet();
  readonly #progress = signal<BootProgress>({ step: "download", loaded: 0, total: 0 });
  readonly #problem = signal<Problem | undefined>(undefined);
  readonly #silent = signal(false);
  readonly #closed = signal(false);
  readonly #state: ReadonlySignal<SessionState>;
  #machine: Machine | undefined;
  #run: MachineRun | undefined;
  #endWarmUp = new AbortController();

  constructor(options: SessionOptions) {
    this.#options = options;
    const terminal = new Terminal(FIRST_TERMINAL, sign => this.#quiet.touch(BUSY_AFTER[sign]));
    this.terminals = signal([terminal]);
    this.warmUp = new WarmUp(command => this.#runQuietly(command), this.#quiet);
    this.#state = computed(() => {
      if (this.#closed.value) return "closed";
      if (this.#problem.value !== undefined) return "failed";
      return terminal.spoken.value ? "ready" : "starting";
    });
    terminal.spoken.subscribe(spoken => {
      if (spoken) this.#beReady();
    });
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

  /** Starts the machine, in place of the one that there may be. */
  restart(): void {
    if (this.#closed.value) return;
    this.#endRun();
    try {
      this.#begin(this.#options.makeMachine());
    } catch (error) {
      this.#fail({ kind: "unsupported", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Opens a stream to the machine that runs now. Throws a {@link LinkError} (ENOTCONN) where there is none. */
  open(request: OpenRequest): GuestStream {
    if (this.#machine === undefined) throw new LinkError("ENOTCONN", "there is no machine");
    return this.#machine.open(request);
  }

  /** Ends the machine for good. */
  close(): void {
    this.#endRun();
    this.#closed.value = true;
  }

  #begin(handle: MachineHandle): void {
    handle.machine.onGuestStream(this.#options.serveGuest);
    const run = new MachineRun(handle, {
      progress: progress => {
        this.#progress.value = progress;
      },
      reachable: machine => this.#takeMachine(machine),
      silent: silent => {
        this.#silent.value = silent;
      },
      failed: problem => this.#fail(problem),
    });
    this.#run = run;
    run.start(this.#options.manifest, this.#options.identity);
  }

  #takeMachine(machine: Machine): void {
    this.#machine = machine;
    for (const terminal of this.terminals.value) terminal.connect(machine);
  }

  #beReady(): void {
    performance.mark("drydock: ready");
    const { signal: endOfRun } = this.#endWarmUp;
    // Later than whatever the page does with the first output.
    setTimeout(() => void this.warmUp.start(this.#options.warmUp, endOfRun));
  }

  #fail(problem: Problem): void {
    batch(() => {
      this.#endRun();
      this.#problem.value = problem;
    });
  }

  /** After this nothing of the last run is left but what its terminals show. */
  #endRun(): void {
    this.#endWarmUp.abort();
    this.#endWarmUp = new AbortController();
    this.#run?.end();
    this.#run = undefined;
    this.#machine = undefined;
    batch(() => {
      this.#problem.value = undefined;
      this.#silent.value = false;
      for (const terminal of this.terminals.value) terminal.disconnect();
    });
  }

  async #runQuietly(argv: WarmUpCommand): Promise<number | undefined> {
    if (this.#machine === undefined) return undefined;
    const { end } = await collect(this.#machine.open({ kind: "exec", argv }));
    return end.how === "exit" ? end.code : undefined;
  }
}
