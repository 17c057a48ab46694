import { expect, test } from "vitest";
import type { ProgressLine } from "../../api/system.ts";
import type { TextOutput } from "../io/output.ts";
import { ProgressDisplay, progressText } from "./progress-display.ts";

async function shown(lines: readonly ProgressLine[], columns?: number): Promise<string> {
  let text = "";
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the display uses of it
  const output = {
    isTerminal: columns !== undefined,
    size: () => (columns === undefined ? null : { rows: 24, columns }),
    write: async (more: string) => {
      text += more;
    },
  } as TextOutput;
  const display = new ProgressDisplay(output);
  for (const each of lines) await display.show(each);
  return text;
}

/** A line so many rows above the cursor, written anew. */
function line(up: number, content: string): string {
  return `\x1b[${up}A\x1b[2K\r${content}\r\x1b[${up}B`;
}

const pull: readonly ProgressLine[] = [
  { status: "Pulling from library/busybox", id: "latest" },
  { status: "Pulling fs layer", progressDetail: {}, id: "aaa" },
  { status: "Pulling fs layer", progressDetail: {}, id: "bbb" },
  { status: "Downloading", progressDetail: { current: 512, total: 1024 }, id: "aaa" },
  { status: "Pull complete", progressDetail: {}, id: "aaa" },
  { status: "Digest: sha256:1" },
];

test("a file gets changes of state", async () => {
  expect(await shown(pull)).toBe(
    "latest: Pulling from library/busybox\naaa: Pulling fs layer\nbbb: Pulling fs layer\n" +
      "aaa: Pull complete\nDigest: sha256:1\n",
  );
});

test("a terminal gets lines that are updated in place", async () => {
  expect(await shown(pull, 80)).toBe(
    "latest: Pulling from library/busybox\n" +
      `\n${line(1, "aaa: Pulling fs layer ")}` +
      `\n${line(1, "bbb: Pulling fs layer ")}` +
      line(2, "aaa: Downloading     512B/1.024kB") +
      line(2, "aaa: Pull complete ") +
      "Digest: sha256:1\n",
  );
});

test.each([
  [{}, 200, ""],
  [{ current: 5 }, 200, "      5B"],
  [{ current: 1, total: 2 }, 80, "      1B/2B"],
  [{ current: 1, total: 2 }, 120, `[${"=".repeat(25)}>${" ".repeat(25)}]       1B/2B`],
  [{ current: 3, total: 2 }, 120, `[${"=".repeat(50)}>]       3B`],
])("%o in %i columns", (progress, columns, text) => {
  expect(progressText(progress, columns)).toBe(text);
});

test("an error ends it", async () => {
  await expect(shown([{ error: "x", errorDetail: { message: "no space" } }])).rejects.toThrow("no space");
});
