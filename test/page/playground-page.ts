import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, vi } from "vitest";

/** Milliseconds: a command on two busy cores, and a start. */
const PATIENCE = 60_000;
const START = 90_000;
/** bash's own prompt, and that of a container's sh, with nothing typed after it. */
const PROMPT = /(root@\w+:\S*|\/\S*) #$|root@\w+:\S*#$/;

/** The rows of the terminal that has, or would get, the keyboard: others may be in other tabs. */
const ROWS = '.pane[data-active="true"] .xterm-rows > div';

/** CSS pixels. */
export const VIEWPORT = { width: 1100, height: 700 };

/** The playground in a browser context of its own, driven as a visitor would. */
export class PlaygroundPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page has asked for, whoever in it asked. */
  readonly requests: string[] = [];
  /** What browsers show in red. */
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    context.on("request", request => this.requests.push(request.url()));
    context.on("console", message => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    page.on("pageerror", error => this.errors.push(error.message));
  }

  /** A page that has gone nowhere yet. */
  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<PlaygroundPage> {
    const context = await browser.newContext({
      viewport: VIEWPORT,
      permissions: ["clipboard-read", "clipboard-write"],
      ...options,
    });
    return new PlaygroundPage(context, await context.newPage());
  }

  /** Loads the page and waits for its first prompt. */
  async start(url: string): Promise<void> {
    await this.page.goto(url);
    await this.prompt(START);
  }

  /** What the terminal that has the keyboard shows: its rows, without the blanks at the end of each and the empty ones at the end. */
  async screen(): Promise<string> {
    const rows = await this.page.locator(ROWS).allTextContents();
    return rows
      .map(row => row.replaceAll("\u00a0", " ").trimEnd())
      .join("\n")
      .trimEnd();
  }

  /** Waits until the terminal shows something. */
  async shows(pattern: RegExp, timeout = PATIENCE): Promise<void> {
    await vi.waitFor(async () => expect(await this.screen()).toMatch(pattern), { timeout, interval: 50 });
  }

  /** Waits for a prompt with nothing after it. */
  async prompt(timeout = PATIENCE): Promise<void> {
    await this.shows(PROMPT, timeout);
  }

  /** Types on the keyboard of whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Clears the screen, types a line and waits for the next prompt; returns what is shown between the two. */
  async run(line: string): Promise<string> {
    await this.clear();
    await this.type(line);
    await this.shows(endOf(line));
    await this.press("Enter");
    await this.shows(/\n[^\n]*#$/);
    return (await this.screen()).split("\n").slice(1, -1).join("\n");
  }

  /** Pastes a script into the shell, runs it and waits for the next prompt. */
  async paste(script: string): Promise<void> {
    await this.clear();
    const file = Buffer.from(script).toString("base64");
    await this.page.evaluate(
      text => navigator.clipboard.writeText(text),
      `base64 -d > /tmp/script <<END\n${file}\nEND\n`,
    );
    await this.press("Control+Shift+v", "Enter");
    await this.prompt();
    await this.run("clear; sh /tmp/script; echo done");
  }

  /** Gives the keyboard to the terminal. */
  async focusTerminal(): Promise<void> {
    await this.page.locator(".xterm-helper-textarea").focus();
  }

  /** An empty screen with a prompt. */
  async clear(): Promise<void> {
    await this.prompt();
    await this.press("Control+l");
    await this.shows(/^[^\n]*#$/);
  }

  /** Rows that the terminal has. */
  rows(): Promise<number> {
    return this.page.locator(ROWS).count();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** The last word of a line at the end of the screen: a long line may have been wrapped. */
function endOf(line: string): RegExp {
  const word = line.trimEnd().split(" ").at(-1) ?? "";
  return new RegExp(`${word.replaceAll(/[^\w]/g, String.raw`\$&`)}$`);
}
