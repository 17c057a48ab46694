import { EngineError } from "../../base/errors.ts";
import type { CommandContext } from "../context.ts";

/** Throws where a container's terminal is to be typed at from something that is none. */
export function checkTerminal({ session }: CommandContext, attachesStdin: boolean, tty: boolean): void {
  if (tty && attachesStdin && !session.stdin.isTerminal) {
    throw new EngineError("invalid", "the input device is not a TTY");
  }
}
