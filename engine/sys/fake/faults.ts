import { type ErrorCode, sysError } from "./sys-error.ts";

/** Thrown where the process is meant to die: nothing that it does afterwards changes the disk. */
export class Crash extends Error {
  constructor() {
    super("the process has crashed");
    this.name = "Crash";
  }
}

/**
 * Makes one of the next operations on files fail. Each system call that changes something counts as one: an atomic
 * write is three (make, write, rename), the removal of a tree as many as it has files and directories.
 */
export class Faults {
  #left = Number.POSITIVE_INFINITY;
  #failure: ErrorCode | "crash" = "crash";
  #crashed = false;
  #count = 0;

  /** How many operations have happened. */
  get count(): number {
    return this.#count;
  }

  /** Whether the process has died. */
  get crashed(): boolean {
    return this.#crashed;
  }

  /** Whether a failure that was asked for has not come yet. */
  get isDue(): boolean {
    return Number.isFinite(this.#left);
  }

  /** Lets the n-th operation from now (1 is the next) fail once. */
  failAt(n: number, code: ErrorCode): void {
    this.#left = n;
    this.#failure = code;
  }

  /** Lets the process die at the n-th operation from now: that and all later ones throw {@link Crash}. */
  crashAt(n: number): void {
    this.#left = n;
    this.#failure = "crash";
  }

  /** Lets the process be dead from now on. */
  crash(): void {
    this.#crashed = true;
  }

  /** No failure is due any more. */
  clear(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** Called before each operation. */
  check(syscall: string, path: string): void {
    if (this.#crashed) throw new Crash();
    this.#count++;
    if (--this.#left > 0) return;
    this.#left = Number.POSITIVE_INFINITY;
    if (this.#failure !== "crash") throw sysError(this.#failure, syscall, path);
    this.#crashed = true;
    throw new Crash();
  }

  /** Called before operations that change nothing. */
  checkAlive(): void {
    if (this.#crashed) throw new Crash();
  }
}
