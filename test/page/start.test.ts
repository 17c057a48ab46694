import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { readMachineIndex } from "../../scripts/lib/machine-index.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "the page's start" : `the page's start (skipped: ${noChromium})`;

const SNAPSHOT = /\.drydock$/;
const WORKER = /\/worker-[^/]+\.js$/;

/** Writes down what the boot screen shows, in the page, from its first moment on. */
function recordBootScreen(): void {
  const seen: string[] = [];
  Object.assign(globalThis, { bootScreens: seen });
  new MutationObserver(() => {
    const steps = [...document.querySelectorAll(".boot-step")];
    const bytes = document.querySelector(".boot-bytes")?.textContent ?? "";
    const text = [...steps.map(step => step.getAttribute("data-state")), bytes].join(" ");
    if (steps.length > 0 && seen.at(-1) !== text) seen.push(text);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** What the card or bar says that tells of a problem, when it is there. */
function problem(page: Page): Promise<string> {
  return page.getByRole("alert").innerText();
}

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  const pages: PlaygroundPage[] = [];

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
  });

  afterEach(() => Promise.all(pages.splice(0).map(page => page.close())));

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const open = async (options?: BrowserContextOptions): Promise<PlaygroundPage> => {
    const playground = await PlaygroundPage.open(browser, options);
    pages.push(playground);
    return playground;
  };

  it("shows bytes and steps on its way to the first prompt", async () => {
    const playground = await open();
    await playground.page.addInitScript(recordBootScreen);
    await playground.start(site.url);
    const screens = await playground.page.evaluate<string[]>("bootScreens");
    const { snapshot, wasm } = await readMachineIndex();
    const total = ((snapshot.size + wasm.size) / 1e6).toFixed(1);
    expect(screens[0]).toMatch(new RegExp(`^active ahead ahead ahead [\\d.]+ / ${total} MB$`));
    const steps = ["done active ahead ahead", "done done active ahead"];
    for (const step of steps) expect(screens).toContain(`${step} ${total} / ${total} MB`);
    expect(playground.errors).toEqual([]);
  });

  it("says what the browser lacks", async () => {
    const playground = await open();
    await playground.page.addInitScript("delete globalThis.WebAssembly");
    await playground.page.goto(site.url);
    expect(await problem(playground.page)).toMatch(/This browser cannot run the machine[^]*Firefox from 115/);
  });

  it("says so in Chinese where that is the visitor's language", async () => {
    const playground = await open({ locale: "zh-CN" });
    await playground.page.addInitScript("delete globalThis.Worker");
    await playground.page.goto(site.url);
    expect(await problem(playground.page)).toContain("此浏览器无法运行虚拟机");
  });

  it("still says something where no script can run", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    await page.goto(site.url);
    const late = page.locator(".first-paint-late");
    await late.waitFor({ state: "visible" });
    expect(await late.innerText()).toContain("Drydock needs JavaScript");
  });

  it("says that memory is short", async () => {
    const { page } = await open();
    const starved = "WebAssembly.Memory = class { constructor() { throw new RangeError('no'); } };\n";
    await page.route(WORKER, async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: starved + (await response.text()) });
    });
    await page.goto(site.url);
    expect(await problem(page)).toMatch(/There is not enough memory[^]*Try again/);
  });

  it("tries again after a download that failed", async () => {
    const playground = await open();
    await playground.page.route(SNAPSHOT, route => route.abort());
    await playground.page.goto(site.url);
    expect(await problem(playground.page)).toContain("The machine could not be downloaded");
    await playground.page.unroute(SNAPSHOT);
    await playground.page.getByRole("button", { name: "Try again" }).click();
    await playground.prompt();
  });

  it("says that the site was renewed where a file is gone", async () => {
    const { page } = await open();
    await page.route(WORKER, route => route.fulfill({ status: 404 }));
    await page.goto(site.url);
    expect(await problem(page)).toMatch(/do not fit together[^]*Reload the page/);
  });

  it("tells of a crash, keeps what was shown, and starts a fresh machine", async () => {
    const playground = await open();
    await playground.start(site.url);
    await playground.run("echo before > /tmp/file");
    const [machine] = playground.page.workers();
    await machine?.evaluate("setTimeout(() => { throw new Error('unreachable executed'); })");
    expect(await problem(playground.page)).toContain("The machine has crashed");
    expect(await playground.screen()).toContain("echo before");
    await playground.page.getByText("Technical details").click();
    expect(await problem(playground.page)).toContain("unreachable executed");
    await playground.page.getByRole("button", { name: "Start a fresh machine" }).click();
    await playground.prompt();
    expect(await playground.run("ls /tmp/file")).toContain("No such file or directory");
    expect(await playground.page.getByRole("alert").count()).toBe(0);
  });

  it("resets the machine, after a question", async () => {
    const playground = await open();
    await playground.start(site.url);
    await playground.run("touch /tmp/file");
    await playground.page.getByRole("button", { name: "Reset" }).click();
    await playground.page.getByRole("button", { name: "Reset the machine" }).click();
    await playground.shows(/^A Linux host[^]*#$/);
    expect(await playground.run("ls /tmp/file")).toContain("No such file or directory");
  });
});
