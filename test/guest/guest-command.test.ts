import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../scripts/lib/paths.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

/** Runs `npm run -s guest` with arguments and stdin. */
async function guest(args: readonly string[], stdin: string) {
  const { from } = testMachine();
  const words = [
    "--import",
    "tsx",
    "scripts/guest.ts",
    ...(from === undefined ? [] : ["--from", from]),
    ...args,
  ];
  const child = spawn(process.execPath, words, { cwd: ROOT });
  const status = new Promise<number | null>(resolve => child.on("exit", resolve));
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, status: await status };
}

it("runs a line with our stdin, and ends with its status", { timeout: GUEST_TIMEOUT }, async () => {
  expect(await guest(["cat", "-", "&&", "echo oops >&2;", "exit 9"], "passed on\n")).toEqual({
    stdout: "passed on\n",
    stderr: "oops\n",
    status: 9,
  });
});

it("says why there is no machine", { timeout: GUEST_TIMEOUT }, async () => {
  const { stderr, status } = await guest(["--from", join("/nowhere", "machine"), "true"], "");
  expect([status, stderr]).toEqual([255, expect.stringContaining("ENOENT")]);
});
