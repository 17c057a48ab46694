import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "a saved machine" : `a saved machine (skipped: ${noChromium})`;
/** Milliseconds for a save on two busy cores. */
const PATIENCE = { timeout: 60_000, interval: 50 };

/** Makes every write of the page's workers fail as a full disk does. */
const FULL_DISK = `FileSystemSyncAccessHandle.prototype.write = () => {
  throw new DOMException("no room", "QuotaExceededError");
};\n`;
const RUNNING = '.machine-state[data-state="ready"]';
const STORE_WORKER = /\/store-worker-[^/]+\.js$/;

/** In the page: the names of all files that it keeps. */
async function storedFiles(): Promise<string[]> {
  const names: string[] = [];
  const root = await navigator.storage.getDirectory();
  for await (const folder of root.values()) {
    if (folder instanceof FileSystemDirectoryHandle) for await (const name of folder.keys()) names.push(name);
  }
  return names;
}

/** In the page: a later file without a head, as a browser that was closed in the middle of a save leaves it. */
async function leaveHalf(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for await (const folder of root.values()) {
    if (!(folder instanceof FileSystemDirectoryHandle)) continue;
    const file = await folder.getFileHandle("9999999999999.drydock", { create: true });
    const writable = await file.createWritable();
    await writable.write({ type: "write", position: 300, data: new Uint8Array(1000) });
    await writable.close();
  }
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

function openMenu(page: Page): Promise<void> {
  return page.getByTitle("Saved machine").click();
}

/** Waits until a save is done. */
function saved(page: Page): Promise<void> {
  return vi.waitFor(
    async () => expect(await page.getByTitle("Saved machine").innerText()).toMatch(/^Saved \d/),
    PATIENCE,
  );
}

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let address: string;
  const pages: PlaygroundPage[] = [];

  beforeAll(async () => {
    site = await serveSite();
    address = `${site.url}?warm-up=off`;
    browser = await launchChromium();
  });

  afterEach(() => Promise.all(pages.splice(0).map(page => page.close())));

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const open = async (): Promise<PlaygroundPage> => {
    const playground = await PlaygroundPage.open(browser);
    pages.push(playground);
    return playground;
  };
  /** A machine that has a container and is saved. */
  const openSaved = async (): Promise<PlaygroundPage> => {
    const playground = await open();
    await playground.start(address);
    await playground.run("docker run -d --name kept busybox sleep 1000; hostname elsewhere");
    await openMenu(playground.page);
    await press(playground.page, "Save now");
    await saved(playground.page);
    return playground;
  };
  it("goes on at the next visit, with its containers, the right time and its own name", async () => {
    const playground = await openSaved();
    expect(await playground.page.getByRole("dialog").innerText()).toMatch(/Size\n\d+\.\d MB/);
    await playground.page.reload();
    await playground.prompt();
    expect(await playground.run("docker ps --format '{{.Names}} {{.State}}'")).toBe("kept running");
    expect(await playground.run("docker exec kept hostname | wc -c")).toBe("13");
    expect(await playground.run("hostname")).toBe("node1");
    const clock = Number(await playground.run("date +%s"));
    expect(Math.abs(clock - Date.now() / 1000)).toBeLessThan(30);
    const { page } = playground;
    expect(await page.getByText("This is your machine as it was saved").isVisible()).toBe(true);
    await page.getByRole("listitem", { name: "kept" }).waitFor();
    expect(playground.errors).toEqual([]);
  });

  it("can be left for a fresh one, and is gone then", async () => {
    const playground = await openSaved();
    const { page } = playground;
    await page.reload();
    await press(page, "Start afresh");
    await press(page, "Reset the machine");
    await playground.shows(/^A Linux host[^]*#$/);
    expect(await playground.run("docker ps -aq")).toBe("");
    await page.reload();
    await playground.prompt();
    expect(await page.getByText("This is your machine as it was saved").count()).toBe(0);
  });

  it("is refused by another build, which says so and offers a fresh one", async () => {
    const playground = await openSaved();
    const { page } = playground;
    await page.route(address, async route => {
      const response = await route.fetch();
      const html = (await response.text()).replace(/"base":"[0-9a-f]+"/, '"base":"0123456789abcdef"');
      await route.fulfill({ response, body: html });
    });
    await page.reload();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain("Your saved machine cannot go on here");
    await page.getByText("Technical details").click();
    expect(await alert.innerText()).toContain("this page's machines from 0123456789ab");
    await press(page, "Start afresh");
    await playground.shows(/^A Linux host[^]*#$/);
    expect(await playground.run("docker ps -aq")).toBe("");
  });

  it("is saved by itself when the page is left, if it was used", async () => {
    const playground = await open();
    await playground.start(address);
    const { page } = playground;
    const hide =
      "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })";
    const leave = (): Promise<unknown> =>
      page.evaluate(`${hide}; document.dispatchEvent(new Event("visibilitychange"))`);
    await leave();
    expect(await page.getByTitle("Saved machine").innerText()).toBe("Save");
    await playground.run("echo mine > /root/file");
    await leave();
    await saved(page);
    await page.reload();
    await playground.prompt();
    expect(await playground.run("cat /root/file")).toBe("mine");
  });

  it("is not hurt by a save that was interrupted", async () => {
    const playground = await openSaved();
    const { page } = playground;
    const files = (): Promise<string[]> => page.evaluate(storedFiles);
    const [whole] = await files();
    await page.evaluate(leaveHalf);
    expect(await files()).toHaveLength(2);
    await page.reload();
    await playground.prompt();
    expect(await playground.run("docker ps --format '{{.Names}}'")).toBe("kept");
    expect(await files()).toEqual([whole]);
  });

  it("belongs to one tab: another one has a fresh machine, and says why", async () => {
    const playground = await openSaved();
    const second = await playground.context.newPage();
    await second.goto(address);
    await second.locator(RUNNING).waitFor();
    await openMenu(second);
    expect(await second.getByRole("alert").innerText()).toContain("Another tab of this site");
    expect(await second.getByText("This is your machine as it was saved").count()).toBe(0);
  });

  it("says plainly that there is no room", async () => {
    const playground = await open();
    const { page } = playground;
    await page.route(STORE_WORKER, async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: FULL_DISK + (await response.text()) });
    });
    await playground.start(address);
    await openMenu(page);
    await press(page, "Save now");
    const alert = page.getByRole("alert");
    await alert.waitFor(PATIENCE);
    expect(await alert.innerText()).toContain("There is no more room for this site");
  });

  it("can be taken away as a file, and opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "drydock-saved-"));
    try {
      const first = await openSaved();
      const [download] = await Promise.all([
        first.page.waitForEvent("download"),
        press(first.page, "Download a copy"),
      ]);
      expect(download.suggestedFilename()).toMatch(/^machine-[\dT-]+\.drydock$/);
      const file = join(folder, "machine.drydock");
      await download.saveAs(file);
      const second = await open();
      await second.start(address);
      await openMenu(second.page);
      await second.page.locator("input[type=file]").setInputFiles(file);
      await press(second.page, "Open it");
      await second.page.getByText("This is your machine as it was saved").waitFor(PATIENCE);
      await second.page.locator(".terminal-view").click();
      expect(await second.run("docker ps --format '{{.Names}}'")).toBe("kept");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is nothing that was not a saved machine", async () => {
    const playground = await open();
    const { page } = playground;
    await playground.start(address);
    await openMenu(page);
    const file = { name: "x.drydock", mimeType: "text/plain", buffer: Buffer.from("hello\n") };
    await page.locator("input[type=file]").setInputFiles(file);
    await press(page, "Open it");
    const alert = page.getByRole("alert");
    await alert.waitFor(PATIENCE);
    expect(await alert.innerText()).toContain("This file is not a saved machine");
    expect(await page.locator(RUNNING).count()).toBe(1);
  });
});
