/**
 * Docker's own client and ours, told the same, must say the same: against one engine, line by line, as a process of
 * its own and through the launcher.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changingCases, type CliCase, readingCases } from "./cli-cases.ts";
import { whyNoDocker, whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { assertNothingLeaks, type Holdings, holdings } from "./holdings.ts";
import { storageCases } from "./storage-cases.ts";
import { type Outcome, shell } from "./shell.ts";

const ATTEMPTS = 4;
const CASE_TIMEOUT_MS = 60_000;

const reason = whyNoEngine() ?? whyNoDocker();
if (reason !== undefined) console.warn(`The command line is NOT compared with Docker's: ${reason}`);

/** What every line may count on. */
const IMAGES = "docker pull -q busybox; docker pull -q hello-world; docker tag busybox local/box";
const CONTAINERS = `
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

/** Docker's client and ours must answer alike; ages are counted in seconds, so different answers are seen again. */
async function compare(ask: () => Promise<readonly Outcome[]>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const [theirs, standalone, hosted] = await ask();
    const wanted = { standalone: theirs, hosted: theirs };
    if (attempt === ATTEMPTS) expect({ standalone, hosted }).toEqual(wanted);
    else if (isDeepStrictEqual({ standalone, hosted }, wanted)) return;
  }
}

describe.skipIf(reason !== undefined)("docker", () => {
  let engine: EngineUnderTest;
  let directory: string;
  /** Without any image. */
  let empty: Holdings;

  beforeAll(async () => {
    engine = await EngineUnderTest.start({ withClients: true });
    directory = join(engine.directory, "work");
    await mkdir(directory);
    await docker("docker pull -q hello-world; docker rmi hello-world");
    empty = holdings(engine);
    await docker(IMAGES);
    await docker(CONTAINERS);
  }, CASE_TIMEOUT_MS);

  afterAll(async () => {
    await docker("docker rm -f $(docker ps -aq); docker rmi -f $(docker images -q)");
    await assertNothingLeaks(engine, empty);
    await engine.stop();
  }, CASE_TIMEOUT_MS);

  const docker = (line: string): Promise<Outcome> => shell(line, { env: engine.environment, directory });

  async function run({ line, before, after, stdin = "" }: CliCase, client?: string): Promise<Outcome> {
    if (before !== undefined) await docker(before);
    const outcome = await shell(line, { client, env: engine.environment, directory, stdin });
    if (after !== undefined) await docker(after);
    return normal(outcome);
  }

  const answers = (given: CliCase) =>
    [
      () => run(given),
      () => run(given, engine.clients.standalone),
      () => run(given, engine.clients.hosted),
    ] as const;

  describe("that only looks", () => {
    it.each(readingCases)(
      "$line",
      given => compare(() => Promise.all(answers(given).map(answer => answer()))),
      CASE_TIMEOUT_MS,
    );
  });

  describe("that changes something", () => {
    it.each([...changingCases, ...storageCases])(
      "$line",
      given =>
        compare(async () => {
          const outcomes: Outcome[] = [];
          for (const answer of answers(given)) outcomes.push(await answer());
          return outcomes;
        }),
      CASE_TIMEOUT_MS,
    );
  });
});
