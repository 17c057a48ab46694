import type { BrowserContext, Frame, Page } from "playwright-core";
import { noChromium, withProfile } from "../lib/chromium.ts";
import { servePlayground } from "../serve/playground.ts";
import { type Figure, median } from "./figure.ts";

const PORT = 8080;
const ROUNDS = 15;
const DOWNLOADS = 3;
const MEGABYTE = 1e6;
const LARGE = 20 * MEGABYTE;
/** Megabytes a second, at least. */
const LEAST_RATE = 4;
/** Milliseconds until the machine has its first prompt, on a busy computer. */
const START = 90_000;

/** Makes the files and a server for them; then times requests from within, without a network between. */
const SCRIPT = `mkdir -p /www; echo small > /www/small; head -c ${LARGE} /dev/zero > /www/large
httpd -p ${PORT} -h /www; : > /www/times
for i in $(seq ${ROUNDS}); do
  curl -s -o /dev/null -w '%{time_total}\\n' http://127.0.0.1:${PORT}/small >> /www/times
done
for i in $(seq ${DOWNLOADS}); do
  curl -s -o /dev/null -w '%{time_total}\\n' http://127.0.0.1:${PORT}/large >> /www/large-time
done
mv /www/large-time /www/done`;

async function withPreview<T>(use: (frame: Frame) => Promise<T>): Promise<T> {
  const site = await servePlayground({ host: "127.0.0.1", port: 0, tries: 1 });
  try {
    return await withProfile(async context => use(await openPreview(context, site.url)));
  } finally {
    await site.close();
  }
}

async function openPreview(context: BrowserContext, url: string): Promise<Frame> {
  const page = await context.newPage();
  await page.goto(`${url}?warm-up=off`);
  await page.locator(".terminal-view[data-ready=true]").waitFor({ timeout: START });
  await page.keyboard.type(`echo ${Buffer.from(SCRIPT).toString("base64")} | base64 -d | sh\n`);
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByLabel("Another port of the machine").fill(String(PORT));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const frame = await guestFrame(page);
  await frame.evaluate(async () => {
    while ((await fetch("/done").catch(() => undefined))?.ok !== true)
      await new Promise(resolve => setTimeout(resolve, 500));
  });
  return frame;
}

/** The frame with the guest's page, within the bridge's. */
async function guestFrame(page: Page): Promise<Frame> {
  await page.locator(".preview-page iframe[data-state=live]").waitFor({ timeout: START });
  await page.locator(".preview-page iframe").contentFrame().locator("iframe").waitFor();
  const [bridge] = page.mainFrame().childFrames();
  const frame = bridge?.childFrames()[0];
  if (frame === undefined) throw new Error("the preview shows nothing");
  return frame;
}

/** Milliseconds for each of some downloads of `path` by the previewed page. */
function downloads(frame: Frame, path: string, count: number): Promise<number[]> {
  return frame.evaluate(
    async ([url, rounds]) => {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        const reader = (await fetch(url)).body?.getReader();
        while ((await reader?.read())?.done === false);
        times.push(performance.now() - start);
      }
      return times;
    },
    [path, count] as const,
  );
}

/** Milliseconds that curl took in the guest, by its own clock. */
async function curlTimes(frame: Frame, path: string): Promise<number[]> {
  const text = await frame.evaluate(async url => (await fetch(url)).text(), path);
  return text
    .trim()
    .split("\n")
    .map(seconds => Number(seconds) * 1000);
}

/** The preview's figures, in Chromium: a request and a large download, each beside curl in the guest. */
export async function previewFigures(): Promise<Figure[]> {
  if (noChromium !== undefined) throw new Error(noChromium);
  return withPreview(async frame => {
    await downloads(frame, "/small", ROUNDS); // the emulator compiles what it sees often
    const get = median(await downloads(frame, "/small", ROUNDS));
    await downloads(frame, "/large", 1);
    const large = median(await downloads(frame, "/large", DOWNLOADS));
    return [
      {
        name: "GET through the preview",
        value: get,
        bare: { name: "curl in the guest", value: median(await curlTimes(frame, "/times")) },
      },
      {
        name: "20 MB through the preview",
        value: large,
        bare: { name: "curl in the guest", value: median(await curlTimes(frame, "/done")) },
      },
      {
        name: "the same, for a megabyte",
        value: large / (LARGE / MEGABYTE),
        target: 1000 / LEAST_RATE,
      },
    ];
  });
}
