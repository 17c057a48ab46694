import { EngineError } from "../base/errors.ts";

/** A setting of the shim's or a step of its child: a name and its arguments (engine/native/shim). */
export type ProgramRecord = readonly [name: string, ...words: (string | number)[]];

/** What one shim does: settings for itself, then the steps that its child takes to become the user's program. */
export interface Program {
  readonly settings: readonly ProgramRecord[];
  readonly steps: readonly ProgramRecord[];
}

function encodeRecord(record: ProgramRecord): string {
  const words = record.join("\0");
  return `${record.length}\0${words}\0`;
}

/**
 * The text that the shim reads (engine/native/shim/program.c). Throws "invalid" where a word holds a NUL, which no
 * system call could take either.
 */
export function encodeProgram(program: Program): string {
  for (const record of program.steps)
    for (const word of record)
      if (typeof word === "string" && word.includes("\0"))
        throw new EngineError("invalid", `${record[0]}: a NUL byte in ${JSON.stringify(word)}`);
  return [...program.settings, ["steps"] as const, ...program.steps].map(encodeRecord).join("");
}
