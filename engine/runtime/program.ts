import { EngineError } from "../base/errors.ts";

/** A setting of the shim's or a step of its child: a name and its arguments (engine/native/shim). */
export type ProgramRecord = readonly [name: string, ...words: (string | number)[]];

/** What one shim does: settings for itself, then the steps that its child takes to become the user's program. */
export interface Program {
  readonly settings: readonly ProgramRecord[];
  readonly steps: readonly ProgramRecord[];
}

function encodeRecord(record: ProgramRecord): string {
  return `${record.length}\0${record.join("\0")}\0`;
}

/** Throws where a word of the steps holds a NUL: there are more of them in `text` than ends of words. */
function checkSteps(steps: readonly ProgramRecord[], text: string): void {
  const ends = steps.reduce((sum, { length }) => sum + length + 1, 0);
  if (text.split("\0").length - 1 === ends) return;
  for (const record of steps)
    for (const word of record)
      if (typeof word === "string" && word.includes("\0"))
        throw new EngineError("invalid", `${record[0]}: a NUL byte in ${JSON.stringify(word)}`);
}

/**
 * The text that the shim reads (engine/native/shim/program.c). Throws "invalid" where a word holds a NUL, which no
 * system call could take either.
 */
export function encodeProgram({ settings, steps }: Program): string {
  const encoded = steps.map(encodeRecord).join("");
  checkSteps(steps, encoded);
  return [...settings, ["steps"] as const].map(encodeRecord).join("") + encoded;
}
