import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { noChromium, withProfile } from "../lib/chromium.ts";
import { DIST, ROOT } from "../lib/paths.ts";
import { serve } from "../serve/site-server.ts";
import { staticFiles } from "../serve/static-files.ts";
import { type Figure, median } from "./figure.ts";

const PROBE = join(ROOT, "scripts", "bench", "page-probe.js");
const ROUNDS = 7;
/** Chromium keeps compiled scripts from the second visit on. */
const WARMING_VISITS = 3;
const KEYS = "the quick brown fox jumps over the lazy dog";
/** Milliseconds from an echo to the next key. */
const KEY_PAUSE = 120;
const MEGABYTE = 1e6;

/** The page, and beside it the least that a page can do with the same machine. */
interface Pages {
  readonly ours: string;
  readonly bare: string;
  /** Bytes that have been sent so far, heads included. */
  sent(): number;
}

/** Counts what `listener` sends. */
function counting(listener: RequestListener): { listener: RequestListener; sent: () => number } {
  let sent = 0;
  return {
    listener: (request, response) => {
      const { socket } = response;
      const before = socket?.bytesWritten ?? 0;
      response.on("close", () => (sent += (socket?.bytesWritten ?? 0) - before));
      listener(request, response);
    },
    sent: () => sent,
  };
}

async function withPages<T>(use: (pages: Pages) => Promise<T>): Promise<T> {
  const emulator = dirname(createRequire(import.meta.url).resolve("v86"));
  const { listener, sent } = counting(
    staticFiles([
      { path: "/bare/v86/", directory: emulator },
      { path: "/bare/", directory: join(ROOT, "test", "bench", "bare-page") },
      { path: "/", directory: DIST },
    ]),
  );
  const server = await serve(listener, { host: "127.0.0.1", port: 0, tries: 1 });
  try {
    return await use({ ours: server.url, bare: new URL("bare/", server.url).href, sent });
  } finally {
    await server.close();
  }
}

/** Opens an address in a new tab, for the time of `use`; its machine ends with the tab. */
async function withTab<T>(context: BrowserContext, url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await context.newPage();
  try {
    await page.addInitScript({ path: PROBE });
    await page.goto(url, { waitUntil: "commit" });
    return await use(page);
  } finally {
    await page.close();
  }
}

/** Milliseconds from navigation until the machine has said what it was waited for. */
function firstWord(page: Page): Promise<number> {
  return page.evaluate<number>("moments.firstWord");
}

/** Both pages in turn, so that a drift of the computer meets both. */
async function startAgainstBare(pages: Pages): Promise<Figure> {
  return withProfile(async context => {
    const visit = (url: string): Promise<number> => withTab(context, url, firstWord);
    for (let count = 0; count < WARMING_VISITS; count++) {
      await visit(pages.ours);
      await visit(pages.bare);
    }
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await visit(pages.ours));
      bare.push(await visit(pages.bare));
    }
    return {
      name: "navigation to first prompt, warm cache",
      value: median(ours),
      bare: { name: "bare page, serial echo", value: median(bare) },
      target: 1.5,
    };
  });
}

async function bytesToPrompt(pages: Pages): Promise<Figure> {
  return withProfile(async context => {
    const before = pages.sent();
    await withTab(context, pages.ours, firstWord);
    return {
      name: "bytes to first prompt, empty cache",
      value: (pages.sent() - before) / MEGABYTE,
      unit: "MB",
      target: 20,
    };
  });
}

/** Somebody types at once when the prompt is there, while the machine still warms up. */
async function keystrokeEcho(pages: Pages): Promise<Figure> {
  return withProfile(context =>
    withTab(context, pages.ours, async page => {
      await firstWord(page);
      const echoes: number[] = [];
      for (const key of KEYS) {
        await page.keyboard.press(key);
        echoes.push(await page.evaluate<number>("moments.echo()"));
        await page.waitForTimeout(KEY_PAUSE);
      }
      return {
        name: "keystroke to its echo on the screen",
        value: median(echoes),
        target: 50,
      };
    }),
  );
}

/** The page's figures, in Chromium; none, and why, where there is no such browser. */
export async function pageFigures(): Promise<Figure[]> {
  if (noChromium !== undefined) {
    process.stderr.write(`the page cannot be measured: ${noChromium}\n`);
    return [];
  }
  return withPages(async pages => [
    await startAgainstBare(pages),
    await bytesToPrompt(pages),
    await keystrokeEcho(pages),
  ]);
}
