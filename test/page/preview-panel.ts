import type { Frame, Page } from "playwright-core";
import { vi } from "vitest";

const PATIENCE = { timeout: 60_000, interval: 100 };

/** The preview beside the terminals, used as a visitor would. */
export class PreviewPanel {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a port that no container publishes; resolves when there is a page. */
  async open(port: number): Promise<Frame> {
    await this.#page.getByRole("button", { name: "Preview", exact: true }).click();
    await this.#page.getByLabel("Another port of the machine").fill(String(port));
    await this.#page.getByRole("button", { name: "Open", exact: true }).click();
    return this.frame();
  }

  async close(): Promise<void> {
    await this.#page.getByRole("button", { name: "Close the preview" }).click();
  }

  /** The frame with the guest's page. */
  frame(): Promise<Frame> {
    return vi.waitFor(() => {
      const bridge = this.#page.frames().find(frame => frame.url().includes("/drydock-bridge.html"));
      const frame = bridge?.childFrames()[0];
      if (frame === undefined || !frame.url().startsWith("http")) throw new Error("there is no preview");
      return frame;
    }, PATIENCE);
  }

  /** Goes to a path by the address bar; resolves when the preview shows it. */
  async go(path: string): Promise<Frame> {
    await this.typeAddress(path);
    return this.shows(path);
  }

  async typeAddress(path: string): Promise<void> {
    const input = this.#page.getByLabel("Path", { exact: true });
    await input.fill(path);
    await input.press("Enter");
  }

  /** What the address bar says. */
  address(): Promise<string> {
    return this.#page.getByLabel("Path", { exact: true }).inputValue();
  }

  /** Waits until the preview has loaded the page at `path`. */
  shows(path: string): Promise<Frame> {
    return vi.waitFor(async () => {
      const frame = await this.frame();
      const at = await frame.evaluate(() =>
        document.readyState === "complete" ? location.pathname + location.search : "",
      );
      if (at !== path) throw new Error(`at ${at}, not at ${path}`);
      return frame;
    }, PATIENCE);
  }
}
