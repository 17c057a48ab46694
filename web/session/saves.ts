import { type ReadonlySignal, batch, signal } from "@preact/signals";
import type { SavedMachine } from "../machine/machine.ts";
import { MachineError } from "../machine/machine-error.ts";
import {
  type MachineStore,
  StoreError,
  type StoreErrorKind,
  type StoredMachine,
} from "../machine/storage/machine-store.ts";
import type { MachineBuild } from "./manifest.ts";
import { misfit } from "./saved-fit.ts";

/** What went wrong with a save: the store's kinds, and those of a file that somebody chose. */
export type SaveProblemKind = StoreErrorKind | "misfit" | "machine";

/** A failure as the page tells it. `detail` is for whoever has to mend it. */
export interface SaveProblem {
  readonly kind: SaveProblemKind;
  readonly detail: string;
}

/** The machine that is kept in the browser, as the page sees it. */
export class Saves {
  readonly #store: MachineStore;
  readonly #build: MachineBuild;
  readonly #saved = signal<StoredMachine | undefined>(undefined);
  readonly #saving = signal(false);
  readonly #problem = signal<SaveProblem | undefined>(undefined);

  constructor(store: MachineStore, build: MachineBuild) {
    this.#store = store;
    this.#build = build;
  }

  /** What is kept now. */
  get saved(): ReadonlySignal<StoredMachine | undefined> {
    return this.#saved;
  }

  /** Whether a save is under way. */
  get saving(): ReadonlySignal<boolean> {
    return this.#saving;
  }

  /** Why the last thing that was tried failed; undefined where it did not. */
  get problem(): ReadonlySignal<SaveProblem | undefined> {
    return this.#problem;
  }

  /** Looks for the machine that is kept. A browser that keeps nothing is a problem to tell, and no failure. */
  async find(): Promise<StoredMachine | undefined> {
    try {
      this.#saved.value = await this.#store.find();
      this.#problem.value = undefined;
    } catch (error) {
      this.#fail(error);
    }
    return this.#saved.value;
  }

  /** Keeps what `take` gives, unless a save is under way; tells whether it is kept. */
  async save(take: (base: string) => Promise<SavedMachine>): Promise<boolean> {
    if (this.#saving.value) return false;
    this.#saving.value = true;
    try {
      return await this.#keep(async () => this.#store.keep(await take(this.#build.base)));
    } finally {
      this.#saving.value = false;
    }
  }

  /** Keeps a file that somebody chose, if it fits; tells whether it is kept. */
  adopt(file: Blob): Promise<boolean> {
    return this.#keep(() =>
      this.#store.adopt(file, header => {
        const reason = misfit(header, this.#build);
        if (reason !== undefined) throw new MachineError("mismatch", reason);
      }),
    );
  }

  /** Forgets what is kept. */
  async clear(): Promise<void> {
    try {
      await this.#store.clear();
      this.#problem.value = undefined;
    } catch (error) {
      this.#fail(error);
    }
    this.#saved.value = undefined; // what a save that was under way has kept is gone too
  }

  async #keep(keep: () => Promise<StoredMachine>): Promise<boolean> {
    try {
      const saved = await keep();
      batch(() => {
        this.#saved.value = saved;
        this.#problem.value = undefined;
      });
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    if (error instanceof MachineError) {
      this.#problem.value = { kind: error.kind === "mismatch" ? "misfit" : "machine", detail: error.message };
    } else {
      const { kind, message } = StoreError.from(error);
      this.#problem.value = { kind, detail: message };
    }
  }
}
