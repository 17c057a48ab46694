import { spawn } from "node:child_process";

/** What a command line has come to. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** As a shell tells it. */
  readonly status: number;
}

export interface ShellOptions {
  /** A folder whose `docker` is the one to use; the machine's own otherwise. */
  readonly client?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly stdin?: string;
}

const TIMEOUT_MS = 60_000;

/** Runs a line in a shell of its own. */
export function shell(line: string, options: ShellOptions = {}): Promise<Outcome> {
  const { client, env, directory, stdin = "" } = options;
  const path = client === undefined ? process.env["PATH"] : `${client}:${process.env["PATH"]}`;
  const child = spawn("bash", ["-c", line], {
    cwd: directory,
    env: { ...process.env, PATH: path, ...env },
    detached: true,
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (output.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output.stderr += bytes.toString()));
  child.stdin.on("error", () => {}); // a command need not read it
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      process.kill(-(child.pid ?? 0), "SIGKILL");
      reject(new Error(`${line} takes too long; so far: ${JSON.stringify(output)}`));
    }, TIMEOUT_MS);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ ...output, status: code ?? (signal ? 128 : 0) });
    });
  });
}
