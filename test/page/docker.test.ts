import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage, VIEWPORT } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "docker in the page" : `docker in the page (skipped: ${noChromium})`;

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let playground: PlaygroundPage;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
    playground = await PlaygroundPage.open(browser);
    await playground.start(site.url);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("runs hello-world", async () => {
    expect(await playground.run("docker run --rm hello-world")).toMatch(/^Hello from Docker!$/m);
  });

  it("runs a shell with job control in a container", async () => {
    await playground.type("docker run -it --name box busybox sh\n");
    await playground.shows(/\/ #$/);
    // A key that comes before the job does is the shell's, which has no use for it.
    await playground.type("sh -c 'echo job $((6 * 7)); exec sleep 1000'\n");
    await playground.shows(/^job 42$/m);
    await playground.press("Control+z");
    await playground.shows(/Stopped.*sleep 1000/);
    await playground.type("fg\n");
    await playground.shows(/# fg\n.*sleep 1000/);
    await playground.press("Control+c");
    expect(await playground.run("echo status $?")).toBe("status 130");
  });

  it("tells the container how large the terminal is", async () => {
    const size = async (): Promise<readonly number[]> =>
      (await playground.run("stty size")).split(" ").map(Number);
    const [rows = 0, columns = 0] = await size();
    expect(rows).toBe(await playground.rows());
    await playground.page.setViewportSize({ width: 700, height: 500 });
    await vi.waitFor(async () => expect((await size())[1]).toBeLessThan(columns), 10_000);
    expect((await size())[0]).toBe(await playground.rows());
    await playground.page.setViewportSize(VIEWPORT);
    await vi.waitFor(async () => expect((await size())[0]).toBe(rows), 10_000);
  });

  it("leaves a container running with Ctrl-P Ctrl-Q, and attaches to it again", async () => {
    await playground.run("word=kept");
    await playground.press("Control+p", "Control+q");
    await playground.shows(/root@node1:~#$/);
    expect(await playground.run("docker ps --format '{{.Names}} {{.State}}'")).toBe("box running");
    await playground.type("docker attach box\n");
    await playground.press("Enter");
    await playground.shows(/\/ #$/);
    expect(await playground.run("echo $word")).toBe("kept");
    await playground.type("exit\n");
    await playground.shows(/root@node1:~#$/);
    expect(await playground.run("docker ps -a --format '{{.Names}} {{.State}}'")).toBe("box exited");
  });

  it("pulls from the registry beside the page", async () => {
    await playground.run("docker rmi -f busybox");
    expect(await playground.run("docker pull busybox")).toMatch(
      /^Status: Downloaded newer image for busybox:latest$/m,
    );
    expect(playground.requests).toContain(new URL("hub/index.json", site.url).href);
    expect(await playground.run("docker run --rm busybox echo here again")).toBe("here again");
  });

  it("asks nobody but its own site, and has nothing to complain about", () => {
    // The emulator's clock is a worker of a few lines, which the page makes itself.
    const elsewhere = playground.requests.filter(url => !url.replace(/^blob:/, "").startsWith(site.origin));
    expect(elsewhere).toEqual([]);
    const above = playground.requests.filter(url => !url.startsWith("blob:") && !url.startsWith(site.url));
    expect(above).toEqual([]);
    expect(playground.errors).toEqual([]);
  });
});
