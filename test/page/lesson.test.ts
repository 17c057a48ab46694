import type { Browser, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "a lesson" : `a lesson (skipped: ${noChromium})`;

/** What somebody might try who may write lessons, but no scripts. */
const HOSTILE = `
# Fine <img src=x onerror="window.harm = 'image'"> <script>window.harm = 'script'</script>
<iframe src="javascript:top.harm = 'frame'"></iframe>
<style>body { display: none }</style>
<form action="https://example.com"><button>send</button></form>

[click](javascript:window.harm='link') [data](data:text/html,<script>1</script>) [good](https://example.com/)
![picture](https://example.com/spy.png)
<a id="app" name="drydock">clobber</a>

\`\`\`sh run "><img/src=x/onerror=window.harm='fence'>
echo from a lesson
\`\`\`
`;

const refuse = (route: Route): Promise<void> => route.fulfill({ status: 503 });

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

  it("opens beside the terminal and runs its commands there", async () => {
    const { page } = playground;
    await page.getByRole("button", { name: "Lesson", exact: true }).click();
    await page.getByRole("heading", { name: "Your first containers" }).waitFor();
    await page.getByRole("button", { name: "Run" }).first().click();
    await playground.shows(/^Hello from Docker!$/m);
    await playground.prompt();
    expect(await playground.run("echo the terminal has the focus")).toBe("the terminal has the focus");
  });

  it("changes its language with the page", async () => {
    const { page } = playground;
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("radio", { name: "中文" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "你的第一批容器" }).waitFor();
    expect(await page.getByRole("button", { name: "运行" }).count()).toBeGreaterThan(5);
  });

  it("goes away again", async () => {
    const { page } = playground;
    await page.getByRole("button", { name: "收起课程" }).click();
    expect(await page.getByRole("article").count()).toBe(0);
  });

  it("can do no harm, whoever wrote it", async () => {
    const other = await PlaygroundPage.open(browser);
    await other.page.route("**/lessons/**/en.md", (route: Route) => route.fulfill({ body: HOSTILE }));
    await other.page.goto(`${site.url}?lesson=1-start/1-first-containers`);
    const article = other.page.getByRole("article");
    await article.getByRole("button", { name: "Run" }).waitFor();
    expect(await article.locator("img, script, style, iframe, form, [id], [name], [onerror]").count()).toBe(
      0,
    );
    expect(
      await article.locator("a").evaluateAll(links => links.map(link => link.getAttribute("href"))),
    ).toEqual(["https://example.com/"]);
    expect(await other.page.evaluate("window.harm")).toBeUndefined();
    expect(other.requests.filter(url => url.includes("example.com"))).toEqual([]);
    await other.close();
  });

  it("says what is wrong when it cannot be loaded, and tries again", async () => {
    const other = await PlaygroundPage.open(browser);
    await other.page.route("**/lessons/index.json", refuse);
    await other.page.goto(`${site.url}?lesson`);
    await vi.waitFor(
      async () => expect(await other.page.getByRole("alert").innerText()).toMatch(/503/),
      20_000,
    );
    await other.page.unroute("**/lessons/index.json", refuse);
    await other.page.getByRole("button", { name: "Try again" }).click();
    await other.page.getByRole("heading", { name: "Your first containers" }).waitFor();
    await other.close();
  });
});
