import { EngineError } from "../base/errors.ts";
import type { StepError } from "../runtime/shim.ts";

const COULD_NOT_INVOKE = 126;
const NOT_FOUND = 127;
const UNKNOWN = 128;

const TEXTS: Readonly<Record<number, string>> = {
  1: "operation not permitted",
  2: "no such file or directory",
  5: "input/output error",
  7: "argument list too long",
  8: "exec format error",
  12: "cannot allocate memory",
  13: "permission denied",
  16: "device or resource busy",
  17: "file exists",
  20: "not a directory",
  21: "is a directory",
  22: "invalid argument",
  26: "text file busy",
  28: "no space left on device",
  40: "too many levels of symbolic links",
};

function textOf(errno: number): string {
  return TEXTS[errno] ?? `errno ${errno}`;
}

function describeBind(error: StepError, words: readonly (string | number)[], why: string): string {
  const [, root, target, source, subpath] = words;
  const place = `error mounting "${source}" to rootfs at "${target}"`;
  if (error.detail === "subpath")
    return `path concatenation escapes the base directory, base: ${source}, subpath: ${subpath}`;
  if (error.detail === "target")
    return `${place}: create mountpoint for ${target} mount: cannot create subdirectories in "${root}${target}": ${why}`;
  return `${place}: mount src=${source}, dst=${target}, flags=MS_BIND|MS_REC: ${why}`;
}

/** What went wrong in the words of the OCI runtime that Docker ships. */
function describe(error: StepError): string {
  const words = error.record ?? [];
  const why = textOf(error.code);
  switch (error.step) {
    case "exec": {
      const program = String(words[1] ?? "");
      if (error.detail === "lookup") return `exec: "${program}": executable file not found in $PATH`;
      if (error.detail === "stat") return `exec: "${program}": stat ${program}: ${why}`;
      if (error.detail === "check") return `exec: "${program}": ${why}`;
      return `exec ${program}: ${why}`;
    }
    case "chdir":
      return `chdir to cwd ("${words[1]}") set in config.json failed: ${why}`;
    case "place":
      return `error mounting "${words[3]}" to rootfs at "${words[2]}": mount ${words[3]}:${words[2]}: ${why}`;
    case "bind":
      return describeBind(error, words, why);
    case "write":
      return `open ${words[1]}: ${why}`;
    case "rlimit":
      return `error setting rlimit type ${words[1]}: ${why}`;
    default:
      return `${error.step}: ${error.detail || why}`;
  }
}

/** A process that could not be started: Docker's message, and the exit code that the container is left with. */
export interface StartFailure {
  readonly error: EngineError;
  readonly exitCode: number;
}

/** `prefix` is what Docker's layers put before the runtime's own words. */
function failure(prefix: string, cause: StepError): StartFailure {
  const text = `${prefix}: ${describe(cause)}: unknown`;
  const make = (message: string, exitCode: number): StartFailure => ({
    error: new EngineError("invalid", message, { cause }),
    exitCode,
  });
  if (text.includes("permission denied")) return make(text, COULD_NOT_INVOKE);
  if (text.includes("is a directory")) return make(`${text}: permission denied`, COULD_NOT_INVOKE);
  if (text.includes("not a directory")) {
    const hint = "Are you trying to mount a directory onto a file (or vice-versa)?";
    const check = "Check if the specified host path exists and is the expected type";
    return make(`${text}: ${hint} ${check}`, NOT_FOUND);
  }
  if (/executable file not found|no such file or directory/.test(text)) return make(text, NOT_FOUND);
  return { error: new EngineError("system", text, { cause }), exitCode: UNKNOWN };
}

/** Of a container's first process. */
export function containerStartFailure(error: StepError): StartFailure {
  return failure(
    "failed to create task for container: failed to create shim task: OCI runtime create failed: " +
      "runc create failed: unable to start container process: error during container init",
    error,
  );
}

/** Of an exec. */
export function execStartFailure(error: StepError): StartFailure {
  return failure("OCI runtime exec failed: exec failed: unable to start container process", error);
}
