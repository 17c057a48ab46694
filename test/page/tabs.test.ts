import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage, VIEWPORT } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "tabs and splits" : `tabs and splits (skipped: ${noChromium})`;

/** In the page: counts how often it says that the machine starts. */
function recordBootScreens(): void {
  Object.assign(globalThis, { bootScreens: 0 });
  new MutationObserver(() => {
    if (document.querySelector(".boot") !== null) Object.assign(globalThis, { bootScreens: 1 });
  }).observe(document, { subtree: true, childList: true });
}

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let playground: PlaygroundPage;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
    playground = await PlaygroundPage.open(browser);
    await playground.start(`${site.url}?warm-up=off&keep=off`);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const names = (): Promise<string[]> => playground.page.getByRole("tab").allInnerTexts();
  const current = (): Promise<string> => playground.page.getByRole("tab", { selected: true }).innerText();
  const press = (name: string | RegExp): Promise<void> =>
    playground.page.getByRole("button", { name }).click();
  /** Columns that the shell knows of. */
  const columns = async (): Promise<number> => Number((await playground.run("stty size")).split(" ")[1]);
  /** Widths of the terminals that can be seen, in CSS pixels. */
  const widths = async (): Promise<number[]> => {
    const panes = await playground.page.locator(".pane:has([data-ready=true])").all();
    return Promise.all(panes.map(async pane => Math.round((await pane.boundingBox())?.width ?? 0)));
  };

  it("gives each terminal a login shell of its own", async () => {
    await playground.run("word=first");
    await press("New terminal");
    expect(await playground.run("echo $SHLVL-$word")).toBe("1-");
    expect(await playground.run("shopt -q login_shell && echo login")).toBe("login");
    expect(await names()).toEqual(["Terminal 1", "Terminal 2"]);
  });

  it("turns to a tab with Alt and its number, and types nothing", async () => {
    await playground.press("Alt+1");
    expect(await current()).toBe("Terminal 1");
    expect(await playground.run("echo $word")).toBe("first");
    await playground.press("Alt+9");
    expect(await current()).toBe("Terminal 1");
  });

  it("lets the mouse reach the terminal of the tab, whatever lies behind", async () => {
    await playground.page.getByRole("tab", { name: "Terminal 1" }).focus();
    await playground.page.locator('.pane[data-active="true"]').click();
    expect(await playground.run("echo $word")).toBe("first");
  });

  it("turns to tabs with the arrow keys, when one has the keyboard", async () => {
    await playground.page.getByRole("tab", { name: "Terminal 1" }).focus();
    await playground.press("ArrowRight");
    expect(await current()).toBe("Terminal 2");
    await playground.press("ArrowRight");
    expect(await current()).toBe("Terminal 1");
    await playground.press("Enter");
    expect(await playground.run("echo $word")).toBe("first");
  });

  it("renames a tab: by double click, and by F2", async () => {
    await playground.page.getByRole("tab", { name: "Terminal 2" }).dblclick();
    await playground.type("server");
    await playground.press("Enter");
    expect(await names()).toEqual(["Terminal 1", "server"]);
    await playground.page.getByRole("tab", { name: "server" }).focus();
    await playground.press("F2");
    await playground.type("not this");
    await playground.press("Escape");
    expect(await names()).toEqual(["Terminal 1", "server"]);
  });

  it("closes a tab, and gives a new terminal for the last one", async () => {
    await press("Close server");
    expect(await names()).toEqual(["Terminal 1"]);
    expect(await playground.run("echo $word")).toBe("first");
    await playground.page.evaluate(recordBootScreens);
    await playground.page.getByRole("tab").focus();
    await playground.press("Delete");
    await playground.prompt();
    expect(await playground.page.evaluate("bootScreens"), "the machine runs on").toBe(0);
    expect(await playground.run("echo .$word")).toBe(".");
    expect(await names()).toEqual(["Terminal 3"]);
  });

  it("splits a tab, and tells both shells their size", async () => {
    await playground.run("side=left");
    const before = await columns();
    await press(/^Split/);
    await playground.prompt();
    expect(await playground.run("echo .$side")).toBe(".");
    expect(await columns()).toBeLessThan(before * 0.6);
    await playground.press("Alt+0");
    expect(await playground.run("echo .$side")).toBe(".left");
    expect(await widths()).toEqual([VIEWPORT.width / 2, VIEWPORT.width / 2]);
  });

  it("moves the divider with the keyboard and with the mouse", async () => {
    const divider = playground.page.getByRole("separator");
    await divider.focus();
    await playground.press("ArrowLeft", "ArrowLeft");
    expect(await divider.getAttribute("aria-valuenow")).toBe("40");
    expect(await widths()).toEqual([440, 660]);
    const box = await divider.boundingBox();
    const { mouse } = playground.page;
    await mouse.move((box?.x ?? 0) + 4, (box?.y ?? 0) + 100);
    await mouse.down();
    await mouse.move(770, 300, { steps: 4 });
    await mouse.up();
    await vi.waitFor(async () => expect(await divider.getAttribute("aria-valuenow")).toBe("70"));
  });

  it("lays the halves above each other where there is little room", async () => {
    await playground.page.setViewportSize({ width: 400, height: 800 });
    expect(await widths()).toEqual([400, 400]);
    expect(await playground.page.getByRole("separator").getAttribute("aria-orientation")).toBe("horizontal");
    await playground.page.setViewportSize(VIEWPORT);
  });

  it("closes one half and keeps the other", async () => {
    await playground.press("Alt+0", "Alt+0");
    await press("Close the half that has the keyboard");
    expect(await widths()).toEqual([VIEWPORT.width]);
    expect(await names()).toHaveLength(1);
    await playground.prompt();
  });

  it("gives every tab a new shell after a reset", async () => {
    await press("New terminal");
    await playground.run("word=old");
    await playground.page.getByRole("button", { name: "Reset", exact: true }).click();
    await press("Reset the machine");
    await playground.shows(/^A Linux host[^]*#$/);
    expect(await names()).toHaveLength(2);
    expect(await playground.run("echo .$word")).toBe(".");
    await playground.press("Alt+1");
    expect(await playground.run("echo $SHLVL")).toBe("1");
  });

  it("has nothing to complain about", () => {
    expect(playground.errors).toEqual([]);
  });
});
