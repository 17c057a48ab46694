import { type Download, downloadBytes, downloadModule } from "../machine/load.ts";
import { MachineError } from "../machine/machine-error.ts";
import type { StoredMachine } from "../machine/storage/machine-store.ts";
import type { MachineState } from "../machine/machine-state.ts";
import type { Machine, MachineIdentity } from "../machine/machine.ts";
import type { BootProgress, BootStep } from "./boot-progress.ts";
import { bootStep } from "./boot-progress.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { MachineHandle } from "./machine-handle.ts";
import type { MachineManifest, RemoteFile } from "./manifest.ts";
import { type Problem, problemFrom } from "./problem.ts";
import { requireFit } from "./saved-fit.ts";

/** Who is told what becomes of a run. Nothing is said after {@link MachineRun.end}, nor after `failed`. */
export interface RunObserver {
  progress(progress: BootProgress): void;
  /** Where it comes from: undefined for the site's own snapshot. */
  origin(saved: StoredMachine | undefined): void;
  /** The machine takes streams, though it may not run yet. */
  reachable(machine: Machine): void;
  /** Whether it has not answered for so long that it may hang. */
  silent(silent: boolean): void;
  failed(problem: Problem): void;
}

/** One machine, from its download to its end. */
export class MachineRun {
  readonly #handle: MachineHandle;
  readonly #observer: RunObserver;
  readonly #heartbeat: Heartbeat;
  readonly #downloads = new AbortController();
  /** Bytes that have come, by what they are of. */
  readonly #loaded = new Map<string, number>();
  #step: BootStep = "download";
  #total = 0;
  #started = false;
  #fromSaved = false;
  #over = false;

  constructor(handle: MachineHandle, observer: RunObserver) {
    this.#handle = handle;
    this.#observer = observer;
    this.#heartbeat = new Heartbeat(
      () => handle.ping(),
      silent => this.#observer.silent(silent),
    );
    handle.machine.observe({
      state: (state, failure) =>
        this.#follow(state, failure && new MachineError(failure.kind, failure.message)),
    });
    handle.onBroken(error => this.#fail(error));
  }

  /** Starts the machine, the saved one if there is one; what comes of it is told to the observer. */
  start(
    manifest: MachineManifest,
    identity: MachineIdentity,
    saved: Promise<StoredMachine | undefined>,
  ): void {
    this.#total = manifest.snapshot.size + manifest.wasm.size;
    this.#say();
    this.#restore(manifest, identity, saved).catch((error: unknown) =>
      this.#fail(MachineError.from(error, "guest")),
    );
  }

  /** Ends the machine and says no more. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#heartbeat.stop();
    this.#downloads.abort();
    this.#handle.terminate();
  }

  async #restore(
    manifest: MachineManifest,
    identity: MachineIdentity,
    saved: Promise<StoredMachine | undefined>,
  ): Promise<void> {
    const { signal } = this.#downloads;
    const [module, bytes] = await Promise.all([
      downloadModule(named(manifest.wasm, "emulator"), this.#counter("emulator"), signal),
      this.#snapshot(manifest, saved),
    ]);
    if (this.#over) return;
    await this.#handle.machine.restore({ identity, wasm: { module }, snapshot: { bytes } });
  }

  async #snapshot(
    { build, snapshot, wasm }: MachineManifest,
    saved: Promise<StoredMachine | undefined>,
  ): Promise<ArrayBuffer> {
    const stored = await saved;
    if (!this.#over) this.#observer.origin(stored);
    if (stored === undefined) {
      return downloadBytes(named(snapshot, "machine"), this.#counter("machine"), this.#downloads.signal);
    }
    this.#fromSaved = true;
    requireFit(stored.header, build);
    this.#total = stored.size + wasm.size;
    const bytes = await stored.file.arrayBuffer();
    this.#counter("machine")(bytes.byteLength);
    return bytes;
  }

  #counter(what: string): (loaded: number) => void {
    return loaded => {
      this.#loaded.set(what, loaded);
      this.#say();
    };
  }

  #follow(state: MachineState, failure: MachineError | undefined): void {
    if (this.#over) return;
    if (state === "failed") this.#fail(failure ?? new MachineError("guest", "the machine failed"));
    const step = bootStep(state);
    if (step === undefined || this.#started) return;
    // The first stream leaves together with the handshake: nobody has to ask for it then.
    if (this.#step === "download") this.#observer.reachable(this.#handle.machine);
    this.#step = step;
    this.#say();
    if (state !== "running") return;
    this.#started = true;
    this.#heartbeat.start();
  }

  #fail(error: MachineError): void {
    if (this.#over) return;
    this.end();
    const circumstances = { started: this.#started, fromSaved: this.#fromSaved };
    this.#observer.failed(problemFrom(error.kind, error.message, circumstances));
  }

  #say(): void {
    if (this.#over) return;
    const loaded = [...this.#loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#observer.progress({ step: this.#step, loaded, total: Math.max(this.#total, loaded) });
  }
}

function named(file: RemoteFile, what: string): Download {
  return { ...file, what };
}
