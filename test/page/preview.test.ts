import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { LARGE, PICTURE, SETUP } from "./preview-guest.ts";
import { PreviewPanel } from "./preview-panel.ts";
import { type TestSite, serveSite } from "./site.ts";

const title =
  noChromium === undefined ? "the preview of a port" : `the preview of a port (skipped: ${noChromium})`;
const PATIENCE = { timeout: 60_000, interval: 100 };

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let playground: PlaygroundPage;
  let panel: PreviewPanel;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
    playground = await PlaygroundPage.open(browser);
    // A name of its own: browsers that keep workers off frames of another site then allow each port an origin.
    await playground.start(`${site.url.replace("localhost", "play.localhost")}?warm-up=off`);
    await playground.paste(SETUP);
    panel = new PreviewPanel(playground.page);
    await panel.open(8080);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("shows a page with its style and picture", async () => {
    const frame = await panel.shows("/");
    expect(await frame.textContent("h1")).toBe("It works");
    const look = await frame.evaluate(() => [
      getComputedStyle(document.querySelector("h1") ?? document.body).color,
      document.querySelector<HTMLImageElement>("#picture")?.naturalWidth,
    ]);
    expect(look).toEqual(["rgb(1, 2, 3)", 1]);
  });

  it("passes bytes on as they are", async () => {
    const frame = await panel.frame();
    const bytes = await frame.evaluate(async () => [
      ...new Uint8Array(await (await fetch("/picture.png")).arrayBuffer()),
    ]);
    expect(Buffer.from(bytes).equals(PICTURE)).toBe(true);
  });

  it("follows links, and redirections to the port by its name in the machine; keeps cookies", async () => {
    await (await panel.frame()).click("a");
    await panel.shows("/page.html");
    await panel.typeAddress("/cgi-bin/redirect");
    const frame = await panel.shows("/page.html?from=redirect");
    expect(await frame.textContent("p")).toContain("the second page");
    const text = await frame.evaluate(async () =>
      (await fetch("/cgi-bin/form", { method: "POST", body: "x" })).text(),
    );
    expect(text).toContain("cookie: seen=yes");
  });

  it("shows in the address bar where it is", async () => {
    await panel.go("/page.html?a=b");
    await vi.waitFor(async () => expect(await panel.address()).toBe("/page.html?a=b"), PATIENCE);
  });

  it("gives 404, 204, HEAD, ranges, chunks and gzip as a browser gets them", async () => {
    const frame = await panel.frame();
    const got = await frame.evaluate(async () => {
      const range = await fetch("/picture.png", { headers: { Range: "bytes=1-3" } });
      const head = await fetch("/large.bin", { method: "HEAD" });
      return {
        missing: (await fetch("/none")).status,
        empty: (await fetch("/cgi-bin/empty")).status,
        head: [head.status, head.headers.get("Content-Length")],
        range: [range.status, await range.text()],
        chunked: await (await fetch("/cgi-bin/chunked")).text(),
        gzip: (await (await fetch("/cgi-bin/gzip")).text()).trim().split("\n").length,
      };
    });
    expect(got).toEqual({
      missing: 404,
      empty: 204,
      head: [200, String(LARGE)],
      range: [206, "PNG"],
      chunked: "hello again",
      gzip: 5000,
    });
  });

  it("sends forms", async () => {
    const frame = await panel.go("/");
    await frame.fill("[name=word]", "käse & brot");
    await frame.click("form button");
    const answer = await panel.shows("/cgi-bin/form");
    expect(await answer.textContent("body")).toContain(
      "POST application/x-www-form-urlencoded 23\nword=k%C3%A4se+%26+brot",
    );
  });

  it("takes a large upload", async () => {
    const frame = await panel.frame();
    const answer = await frame.evaluate(async () => {
      const body = new Blob(["x".repeat(3_000_000)]);
      return (await (await fetch("/cgi-bin/form", { method: "POST", body })).text()).length;
    });
    expect(answer).toBeGreaterThan(3_000_000);
  });

  it("downloads 20 MB without a fault", async () => {
    const frame = await panel.frame();
    const digest = await frame.evaluate(async () => {
      const bytes = await (await fetch("/large.bin")).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return Array.from(hash, byte => byte.toString(16).padStart(2, "0")).join("");
    });
    await playground.focusTerminal();
    expect(await playground.run("sha256sum < /www/large.bin | cut -c1-64")).toBe(digest);
  });

  it("serves twenty requests at once", async () => {
    const frame = await panel.frame();
    const sizes = await frame.evaluate(() =>
      Promise.all(
        Array.from({ length: 20 }, async (_, number) => {
          const answer = await fetch(`/picture.png?${number}`);
          return (await answer.arrayBuffer()).byteLength;
        }),
      ),
    );
    expect(sizes).toEqual(Array.from({ length: 20 }, () => PICTURE.length));
  });

  it("tells a page that its answer broke off", async () => {
    const frame = await panel.frame();
    const broken = frame.evaluate(async () => {
      const response = await fetch("/cgi-bin/stuck");
      return response.arrayBuffer().then(
        () => "whole",
        (error: unknown) => String(error),
      );
    });
    await playground.focusTerminal();
    await playground.run("break-off");
    expect(await broken).toContain("TypeError");
  });

  it("opens a tab of its own", async () => {
    await panel.go("/page.html");
    const opened = playground.context.waitForEvent("page");
    await playground.page.getByRole("button", { name: "Open in a new tab" }).click();
    const tab = await opened;
    await vi.waitFor(async () => {
      const text = await tab.frames()[1]?.textContent("p");
      expect(text).toContain("the second page");
    }, PATIENCE);
    expect(await tab.evaluate(() => window.opener === null)).toBe(true);
    await tab.close();
    expect(await (await panel.frame()).evaluate(async () => (await fetch("/style.css")).status)).toBe(200);
  });

  it("goes on when the browser has ended the service worker", async () => {
    const frame = await panel.frame();
    for (const worker of playground.context.serviceWorkers()) await worker.evaluate("self.kept = true");
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send("Target.getTargets");
    const workers = targetInfos.filter(({ type }) => type === "service_worker");
    expect(workers).toHaveLength(1);
    for (const { targetId } of workers) await session.send("Target.closeTarget", { targetId });
    expect(await frame.evaluate(async () => (await fetch("/style.css")).status)).toBe(200);
    const kept = playground.context.serviceWorkers().map(worker => worker.evaluate("self.kept"));
    expect(await Promise.all(kept)).toContain(undefined);
  });

  it("says that nothing listens", async () => {
    await playground.focusTerminal();
    await playground.run("killall httpd");
    const frame = await panel.go("/gone");
    expect(await frame.textContent("h1")).toBe("Nothing answers on port 8080");
    await playground.focusTerminal();
    await playground.run("httpd -p 8080 -h /www");
    await frame.click("a");
    await vi.waitFor(
      async () => expect(await (await panel.frame()).textContent("body")).toContain("404"),
      PATIENCE,
    );
  });
});

describe.skipIf(noChromium !== undefined)(`${title} elsewhere`, () => {
  let browser: Browser;
  let site: TestSite;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const start = async (): Promise<PlaygroundPage> => {
    const playground = await PlaygroundPage.open(browser);
    await playground.start(`${site.url}?warm-up=off`);
    await playground.paste(SETUP);
    return playground;
  };

  it("shares one origin where the browser keeps workers off frames of another site", async () => {
    const playground = await start();
    const panel = new PreviewPanel(playground.page);
    const frame = await panel.open(8080);
    await panel.shows("/");
    expect(new URL(frame.url()).hostname).toBe("localhost");
    await frame.evaluate(() => localStorage.setItem("left", "behind"));
    await panel.close();
    await panel.open(8081);
    const other = await panel.go("/which");
    expect(await other.textContent("body")).toContain("8081");
    expect(await other.evaluate(() => localStorage.getItem("left"))).toBeNull();
    await playground.close();
  });

  it("shows a page without its scripts, and says so, on a site without a second origin", async () => {
    const playground = await start();
    const { page } = playground;
    await page.route("**/preview.json", route => route.fulfill({ json: { origins: [] } }));
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    await page.getByLabel("Another port of the machine").fill("8080");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const content = page.locator("iframe[data-state=reduced]").contentFrame();
    await vi.waitFor(
      async () => expect(await content.locator("h1").textContent()).toBe("It works"),
      PATIENCE,
    );
    expect(await page.locator(".preview-note").innerText()).toContain("Reduced preview");
    const color = await content.locator("h1").evaluate(heading => getComputedStyle(heading).color);
    expect(color).toBe("rgb(1, 2, 3)");
    expect(await content.locator("#picture").getAttribute("src")).toBe(
      `data:image/png;base64,${PICTURE.toString("base64")}`,
    );
    expect(await content.locator("html").evaluate(() => origin)).toBe("null");
    await playground.close();
  });
});
