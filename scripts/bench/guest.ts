import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Guest, withGuest } from "../lib/guest.ts";
import { ROOT } from "../lib/paths.ts";
import { type Figure, median } from "./figure.ts";

const ROUNDS = 5;
const LOOP = 10;
/**
 * Turns of the loop before anything is measured. v86 compiles what it sees often, and an interpreter's many paths are
 * seen often late: `docker ps` took 127 ms in the first ten runs, 92 ms in the next and 30 ms from the thirtieth on.
 */
const WARM_UP = 5;

/** The bare equivalents, as the project's owner gives them; the same file lies in shared/bench. */
const BARE = join(ROOT, "scripts", "bench", "bare.sh");

/** Milliseconds of the guest's clock that a shell loop takes for each of its `count` turns. */
async function timed(guest: Guest, count: number, command: string): Promise<number> {
  const script = `read start rest < /proc/uptime; ${command}; read end rest < /proc/uptime; echo "$start $end"`;
  const [start = 0, end = 0] =
    (await guest.output(script)).trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
  return ((end - start) * 1000) / count;
}

function loop(command: string): string {
  return `i=0; while [ $i -lt ${LOOP} ]; do ${command} > /dev/null; i=$((i + 1)); done`;
}

/** Measures two commands in turn, so that a drift of the machine meets both; their medians. */
async function pairwise(guest: Guest, ours: string, bare: string): Promise<{ ours: number; bare: number }> {
  for (let turn = 0; turn < WARM_UP; turn++) await guest.output(`${ours}; ${bare}`);
  const values: { ours: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    values.push({ ours: await timed(guest, LOOP, ours), bare: await timed(guest, LOOP, bare) });
  return { ours: median(values.map(pair => pair.ours)), bare: median(values.map(pair => pair.bare)) };
}

async function runAgainstBare(guest: Guest): Promise<Figure> {
  const lower = await guest.output("docker image inspect -f '{{.GraphDriver.Data.UpperDir}}' busybox");
  const { ours, bare } = await pairwise(
    guest,
    loop("docker run --rm busybox true"),
    `sh /tmp/bare.sh run ${lower.trim()} ${LOOP}`,
  );
  return {
    name: "docker run --rm busybox true",
    value: ours,
    bare: { name: "bare.sh run", value: bare },
    target: 5,
  };
}

async function psAgainstBare(guest: Guest): Promise<Figure> {
  await guest.output("for i in 1 2 3; do docker run -d --name bench$i busybox sleep 10000; done");
  const { ours, bare } = await pairwise(guest, loop("docker ps"), `sh /tmp/bare.sh fork ${LOOP}`);
  await guest.output("docker rm -f bench1 bench2 bench3");
  return {
    name: "docker ps with 3 containers",
    value: ours,
    bare: { name: "bare.sh fork", value: bare },
    target: 8,
  };
}

/** The engine's figures in the guest, headless in Node. */
export async function guestFigures(): Promise<Figure[]> {
  return withGuest({}, async guest => {
    await guest.exec("cat > /tmp/bare.sh", { stdin: await readFile(BARE) });
    return [await runAgainstBare(guest), await psAgainstBare(guest)];
  });
}
