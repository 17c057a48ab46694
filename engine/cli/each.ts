/** Does the same to every object that a command names, and prints each name once that is done. */
import { EngineError, messageOf } from "../base/errors.ts";
import type { CommandContext } from "./context.ts";

/** Failures do not keep the other objects from their turn; at the end they are thrown as one. */
class Failures {
  readonly #messages: string[] = [];

  add(error: unknown): void {
    this.#messages.push(messageOf(error));
  }

  throwAny(): void {
    if (this.#messages.length > 0) throw new EngineError("invalid", this.#messages.join("\n"));
  }
}

/** One after the other. */
export async function forEachInOrder(
  { stdout }: CommandContext,
  names: readonly string[],
  action: (name: string) => Promise<void>,
): Promise<void> {
  const failures = new Failures();
  for (const name of names) {
    try {
      await action(name);
      void stdout.line(name);
    } catch (error) {
      failures.add(error);
    }
  }
  failures.throwAny();
}

/**
 * All at once; the names are printed in their order all the same. `tolerate` may take a failure for success, which
 * is then printed instead of the name.
 */
export async function forEachInParallel(
  { stdout, stderr }: CommandContext,
  names: readonly string[],
  action: (name: string) => Promise<void>,
  tolerate: (error: unknown) => boolean = () => false,
): Promise<void> {
  const actions = names.map(action);
  for (const under of actions) under.catch(() => {}); // each is looked at in its turn
  const failures = new Failures();
  for (const [index, under] of actions.entries()) {
    try {
      await under;
      void stdout.line(names[index] ?? "");
    } catch (error) {
      if (tolerate(error)) void stderr.line(messageOf(error));
      else failures.add(error);
    }
  }
  failures.throwAny();
}
