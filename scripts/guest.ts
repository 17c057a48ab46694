/**
 * Runs a command in the guest, headless:
 *
 *   npm run -s guest -- [-t] [--boot] [--from FILE] [--keep FILE] [COMMAND...]
 *
 * The words are joined with blanks, as ssh does, and given to `bash -lc`; without any, a login shell runs.
 * Ends with the command's status.
 */
import { parseArgs } from "node:util";
import { BytePipe } from "../web/protocol/byte-pipe.ts";
import type { GuestStream } from "../web/protocol/stream.ts";
import { builtBootFiles } from "./build/boot-files.ts";
import { type Guest, type GuestOptions, commandWords, exitStatus, withGuest } from "./lib/guest.ts";

/** What ssh ends with when the connection, not the command, has failed. */
const LINK_FAILED = 255;

/** Passes our stdin on until it ends. */
async function feed(pipe: BytePipe): Promise<void> {
  for await (const bytes of process.stdin) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("stdin must not be decoded");
    await pipe.write(bytes);
  }
  pipe.end();
}

/** Passes the guest's output on, no faster than it is taken. */
async function show(pipe: BytePipe): Promise<void> {
  for await (const { bytes, channel } of pipe) {
    const target = channel === 1 ? process.stderr : process.stdout;
    await new Promise<void>(resolve => void target.write(bytes, () => resolve()));
  }
}

async function run(stream: GuestStream, interactive: boolean): Promise<number> {
  const pipe = new BytePipe(stream);
  if (interactive || !process.stdin.isTTY) feed(pipe).catch(() => pipe.end());
  else pipe.end();
  await show(pipe);
  return exitStatus(await stream.closed);
}

/** Gives our terminal to the guest's. */
async function runOnTerminal(guest: Guest, argv: readonly [string, ...string[]]): Promise<number> {
  const { stdin, stdout } = process;
  // A terminal that knows no size says 0.
  const { rows, columns } = stdout.isTTY && stdout.rows > 0 ? stdout : { rows: 24, columns: 80 };
  const env = { TERM: process.env["TERM"] ?? "xterm-256color" };
  const stream = guest.machine.open({ kind: "pty", argv, rows, columns, env });
  const resize = (): void => stream.resize(stdout.rows, stdout.columns);
  stdout.on("resize", resize);
  if (stdin.isTTY) stdin.setRawMode(true);
  try {
    return await run(stream, true);
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdout.off("resize", resize);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    terminal: { type: "boolean", short: "t", default: false },
    boot: { type: "boolean", default: false },
    from: { type: "string" },
    keep: { type: "string" },
  },
});
const options: GuestOptions = {
  ...(values.boot ? { boot: builtBootFiles() } : {}),
  ...(values.from === undefined ? {} : { from: values.from }),
};
const argv = positionals.length > 0 ? commandWords(positionals.join(" ")) : (["bash", "-l"] as const);

try {
  process.exitCode = await withGuest(options, async guest => {
    const status = values.terminal
      ? await runOnTerminal(guest, argv)
      : await run(guest.machine.open({ kind: "exec", argv }), false);
    if (values.keep !== undefined) await guest.save(values.keep);
    return status;
  });
} catch (error) {
  process.stderr.write(`guest: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = LINK_FAILED;
}
// An idle stdin would keep us alive.
process.stdin.destroy();
