import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title =
  noChromium === undefined ? "the containers strip" : `the containers strip (skipped: ${noChromium})`;
/** Milliseconds for what goes through the daemon. */
const PATIENCE = { timeout: 30_000, interval: 50 };

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

  const strip = (): Locator => playground.page.getByRole("region", { name: "Containers" });
  const row = (name: string): Locator => strip().getByRole("listitem", { name, exact: true });
  const press = (name: string): Promise<void> =>
    playground.page.getByRole("button", { name, exact: true }).click();
  const shows = (name: string, status: string): Promise<void> =>
    vi.waitFor(async () => expect(await row(name).innerText()).toContain(status), PATIENCE);
  const leaves = (name: string): Promise<void> =>
    vi.waitFor(async () => expect(await row(name).count()).toBe(0), PATIENCE);

  it("says what to type while there is none", async () => {
    await vi.waitFor(
      async () => expect(await strip().innerText()).toContain("docker run -d --name box busybox sleep 1000"),
      PATIENCE,
    );
  });

  it("follows what is done in the terminal", async () => {
    await playground.run("docker run -d --name box busybox sleep 1000");
    await shows("box", "Running");
    expect(await row("box").innerText()).toContain("busybox");
    await playground.run("docker run --name job busybox sh -c 'exit 3'");
    await shows("job", "Exited (3)");
    expect(await strip().innerText()).toContain("1 of 2 running");
    await playground.run("docker rename box web");
    await shows("web", "Running");
    await leaves("box");
  });

  it("stops and starts a container", async () => {
    await playground.run(
      "docker rm -f web; docker run -d --name quick busybox sh -c 'trap exit TERM; sleep 1000 & wait'",
    );
    await shows("quick", "Running");
    await press("Stop: quick");
    await shows("quick", "Exited");
    expect(await playground.page.getByRole("button", { name: "Shell: quick" }).isDisabled()).toBe(true);
    await press("Start: quick");
    await shows("quick", "Running");
  });

  it("opens a shell in a container, and its logs, in tabs of their own", async () => {
    await press("Shell: quick");
    await playground.shows(/\/ #$/);
    expect(await playground.run("hostname")).toMatch(/^[0-9a-f]{12}$/);
    await playground.press("Alt+1");
    await playground.run("docker run -d --name talk busybox sh -c 'echo said $((6 * 7)); sleep 1000'");
    await shows("talk", "Running");
    await press("Logs: talk");
    await playground.shows(/docker logs -f talk\nsaid 42$/);
    expect(await playground.page.getByRole("tab", { selected: true }).innerText()).toBe("Logs: talk");
    await playground.press("Alt+1");
    await playground.prompt();
  });

  it("shows what the daemon had while it is away, and what it has when it is back", async () => {
    await playground.run("systemctl stop docker");
    await vi.waitFor(async () => expect(await strip().innerText()).toContain("does not answer"), PATIENCE);
    expect(await row("talk").count()).toBe(1);
    await playground.run("systemctl start docker");
    await vi.waitFor(
      async () => expect(await strip().innerText()).not.toContain("does not answer"),
      PATIENCE,
    );
    await shows("talk", "Running");
    await playground.run("docker rm -f talk");
    await leaves("talk");
  });

  it("removes a container, after a question where it runs", async () => {
    await press("Remove: job");
    await leaves("job");
    await press("Remove: quick");
    await press("Keep it");
    expect(await row("quick").innerText()).toContain("Running");
    await press("Remove: quick");
    await press("Kill and remove");
    await leaves("quick");
    const focused = await playground.page.evaluate(() => document.activeElement?.textContent);
    expect(focused, "the keyboard stays in the strip").toBe("Containers");
    expect(await playground.page.getByRole("alert").count()).toBe(0);
  });

  it("says what the daemon has against it", async () => {
    await playground.page.locator('.pane[data-active="true"]').click();
    await playground.run("docker create --name bad busybox nosuchprogram");
    await shows("bad", "Created");
    await press("Start: bad");
    const alert = playground.page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/^bad: .*nosuchprogram/);
    await press("Dismiss");
    expect(await alert.count()).toBe(0);
  });

  it("has nothing to complain about but what the daemon said", () => {
    expect(playground.errors).toEqual([]);
  });
});
