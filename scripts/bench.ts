/**
 * Prints the engine's figures, each beside its bare equivalent from the same run.
 *
 *   npm run bench -- [guest] [page] [preview]     all of them unless some are named
 */
import { type Figure, formatFigures } from "./bench/figure.ts";
import { guestFigures } from "./bench/guest.ts";
import { pageFigures } from "./bench/page.ts";
import { previewFigures } from "./bench/preview.ts";

/** What can be measured; each takes a machine of its own. */
const suites: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  guest: guestFigures,
  page: pageFigures,
  preview: previewFigures,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no such suite: ${unknown.join(", ")} (there are ${Object.keys(suites).join(", ")})\n`,
  );
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name}...\n`);
  figures.push(...(await measure()));
}
process.stdout.write(`${formatFigures(figures)}\n`);
