/**
 * Docker's own client and ours, told the same, must say the same: against one engine, line by line, as a process of
 * its own and through the launcher.
 */
import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliCase, cliCases } from "./cli-cases.ts";
import { EngineUnderTest, whyNoEngine } from "./engine-process.ts";
import { type Outcome, shell } from "./shell.ts";

const ATTEMPTS = 3;
const CASE_TIMEOUT_MS = 60_000;

function whyNoDocker(): string | undefined {
  try {
    const version = execFileSync("docker", ["--version"], { encoding: "utf8" });
    return version.startsWith("Docker version 28.") ? undefined : `docker is ${version.trim()}, not 28`;
  } catch {
    return "there is no docker to compare with";
  }
}

const reason = whyNoEngine() ?? whyNoDocker();
if (reason !== undefined) console.warn(`The command line is NOT compared with Docker's: ${reason}`);

/** What every line may count on. */
const FIXTURE = `
  docker pull -q busybox; docker pull -q hello-world; docker tag busybox local/box
  docker run -d --name web busybox sh -c 'trap exit TERM; sleep 100000 & wait'
  docker run --name ended -l kind=test -l x -e GREETING=hello busybox sh -c 'echo one; echo two >&2; echo three; exit 3'
  docker create --name fresh busybox echo never
`;

/** What differs from run to run without meaning anything. */
const noise: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{64}\b/g, "<id>"],
  [/\b[0-9a-f]{12}\b/g, "<short id>"],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?/g, "<time>"],
  [/time="[^"]*"/g, "<time>"],
  [/\b[a-z]+_[a-z]+\b(?=$|")/gm, "<random name>"],
];

/** What is ours to say: how we were built, and which of Docker's kinds of objects there are. */
const ours: readonly (readonly [RegExp, string])[] = [[/, build \w+/g, ", build <commit>"]];

function clean(text: string): string {
  return [...noise, ...ours].reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

function normal({ stdout, stderr, status }: Outcome): Outcome {
  return { stdout: clean(stdout), stderr: clean(stderr), status };
}

describe.skipIf(reason !== undefined)("docker", () => {
  let engine: EngineUnderTest;
  let directory: string;

  beforeAll(async () => {
    engine = await EngineUnderTest.start();
    directory = join(engine.directory, "work");
    await mkdir(directory);
    await docker(FIXTURE);
  }, CASE_TIMEOUT_MS);

  afterAll(async () => {
    await docker("docker rm -f $(docker ps -aq)");
    await engine.stop();
  }, CASE_TIMEOUT_MS);

  const docker = (line: string): Promise<Outcome> => shell(line, { env: engine.environment, directory });

  async function run({ line, before, after, stdin = "" }: CliCase, client?: string): Promise<Outcome> {
    if (before !== undefined) await docker(before);
    const outcome = await shell(line, { client, env: engine.environment, directory, stdin });
    if (after !== undefined) await docker(after);
    return normal(outcome);
  }

  describe.each(["standalone", "hosted"] as const)("%s", kind => {
    it.each(cliCases)(
      "$line",
      async given => {
        const client = engine.clients[kind];
        // Ages are counted in seconds, and a second may pass between two runs.
        for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
          const [theirs, own] = [await run(given), await run(given, client)];
          if (JSON.stringify(theirs) === JSON.stringify(own)) return;
        }
        const theirs = await run(given);
        expect(await run(given, client)).toEqual(theirs);
      },
      CASE_TIMEOUT_MS,
    );
  });
});
