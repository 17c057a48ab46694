import { compileSeccomp } from "./compile.ts";
import { defaultProfile } from "./default-profile.ts";

/** The default profile's programs, compiled once for each set of capabilities. */
export class SeccompPrograms {
  readonly #release: string;
  readonly #programs = new Map<string, string>();

  /** `release` is the kernel's, as uname(2) gives it. */
  constructor(release: string) {
    this.#release = release;
  }

  /** For compileSeccomp()'s reader, the shim. */
  forCapabilities(capabilities: ReadonlySet<string>): string {
    const key = [...capabilities].join(" ");
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = compileSeccomp(defaultProfile, capabilities, this.#release);
      this.#programs.set(key, program);
    }
    return program;
  }
}
