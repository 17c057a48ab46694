import type { CommandContext } from "./context.ts";

/** Resolves after so many milliseconds, and never once the command is over. */
export function sleep({ sys, scope }: CommandContext, ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = sys.clock.after(ms, () => {
      forget();
      resolve();
    });
    const forget = scope.own(() => timer.dispose());
  });
}
