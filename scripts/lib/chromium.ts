import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

/** Debian's Chromium: the browser that tests and measurements use. */
export const CHROMIUM = "/usr/bin/chromium";

/** Why no browser can be had here; undefined where one can. */
export const noChromium = existsSync(CHROMIUM) ? undefined : `there is no ${CHROMIUM}`;

/** No services of its own: what a page does is all that happens. */
const LAUNCH = {
  executablePath: CHROMIUM,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** Starts a browser whose contexts share nothing and keep nothing on disk; whoever calls this closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch(LAUNCH);
}

/** Starts a browser with a new profile, for the time of `use`: caches work in it as they do for a visitor. */
export async function withProfile<T>(use: (context: BrowserContext) => Promise<T>): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "drydock-profile-"));
  try {
    const context = await chromium.launchPersistentContext(profile, LAUNCH);
    try {
      return await use(context);
    } finally {
      await context.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
