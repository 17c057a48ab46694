import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title =
  noChromium === undefined ? "the terminal in the page" : `the terminal in the page (skipped: ${noChromium})`;

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let playground: PlaygroundPage;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
    playground = await PlaygroundPage.open(browser);
    await playground.start(`${site.url}?warm-up=off`);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const clipboard = (): Promise<string> => playground.page.evaluate(() => navigator.clipboard.readText());

  it("has the focus at the first prompt", async () => {
    expect(await playground.run("echo $((6 * 7))")).toBe("42");
  });

  it("copies a selection with Ctrl-C, and interrupts where there is none", async () => {
    await playground.clear();
    await playground.type("echo chosen; sleep 1000\n");
    await playground.shows(/^chosen$/m);
    const row = await playground.page.locator(".xterm-rows > div").nth(1).boundingBox();
    await playground.page.mouse.dblclick((row?.x ?? 0) + 20, (row?.y ?? 0) + 8);
    await playground.press("Control+c");
    expect(await clipboard()).toBe("chosen");
    expect(await playground.screen()).not.toContain("^C");
    await playground.press("Control+c");
    await playground.shows(/\^C/);
    expect(await playground.run("echo status $?")).toBe("status 130");
  });

  it("pastes, and runs nothing of it before Enter", async () => {
    await playground.clear();
    await playground.page.evaluate(() => navigator.clipboard.writeText("echo one-$((1 + 1))\necho two"));
    await playground.press("Control+Shift+v");
    await playground.shows(/echo two$/);
    expect(await playground.screen()).not.toContain("one-2");
    await playground.press("Enter");
    await playground.shows(/^one-2\ntwo$/m);
  });

  it("scrolls back, and comes down again when somebody types", async () => {
    await playground.clear();
    await playground.type("seq 1001 1300\n");
    await playground.shows(/^1300$/m);
    expect(await playground.screen()).not.toMatch(/^1001$/m);
    await playground.page.mouse.move(300, 300);
    await playground.page.mouse.wheel(0, -100);
    await playground.shows(/\n1298$/);
    await playground.press(...Array.from({ length: 10 }, () => "Shift+PageUp"));
    await playground.shows(/^1001$/m);
    await playground.type("echo down");
    await playground.shows(/echo down$/);
    await playground.press("Control+c");
  });

  it("gives a new shell when one has ended", async () => {
    await playground.clear();
    await playground.type("exit 3\n");
    await playground.shows(/The shell ended with status 3\. Press Enter for a new shell\.$/);
    await playground.press("Enter");
    expect(await playground.run("echo $SHLVL")).toBe("1");
  });

  it("lets the keyboard out with F6", async () => {
    await playground.press("F6");
    expect(await playground.page.evaluate(() => document.activeElement?.closest(".header") !== null)).toBe(
      true,
    );
  });

  it("keeps theme, language and text size over a reload", async () => {
    const { page } = playground;
    const root = page.locator("html");
    const rowsBefore = await playground.rows();
    await page.getByRole("button", { name: "Switch to the dark theme" }).click();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Larger" }).click({ clickCount: 4 });
    await page.getByRole("radio", { name: "中文" }).check();
    await page.reload();
    await playground.prompt();
    expect(await root.getAttribute("data-theme")).toBe("dark");
    expect(await root.getAttribute("lang")).toBe("zh");
    expect(await page.getByRole("button", { name: "设置" }).isVisible()).toBe(true);
    expect(await playground.rows()).toBeLessThan(rowsBefore);
    const terminal = page.locator(".terminal-view");
    expect(await terminal.evaluate(element => getComputedStyle(element).backgroundColor)).toBe(
      "rgb(13, 19, 23)",
    );
  });

  it("has nothing to complain about", () => {
    expect(playground.errors).toEqual([]);
  });
});
