import type { Browser, Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium, noChromium } from "../../scripts/lib/chromium.ts";
import { PlaygroundPage } from "./playground-page.ts";
import { SETUP } from "./preview-guest.ts";
import { PreviewPanel } from "./preview-panel.ts";
import { type TestSite, serveSite } from "./site.ts";

const title = noChromium === undefined ? "a hostile preview" : `a hostile preview (skipped: ${noChromium})`;

/** What the attacks leave in the bridge's window, which they may use as their own. */
interface Loot {
  control?: MessagePort;
  channel?: MessagePort;
  welcomes?: number;
  readonly eval?: (code: string) => unknown;
  readonly MessagePort?: typeof MessagePort;
  readonly ServiceWorker?: typeof ServiceWorker;
}

describe.skipIf(noChromium !== undefined)(title, () => {
  let browser: Browser;
  let site: TestSite;
  let playground: PlaygroundPage;
  let panel: PreviewPanel;
  let hostile: Frame;
  let home: string;

  beforeAll(async () => {
    site = await serveSite();
    browser = await launchChromium();
    playground = await PlaygroundPage.open(browser);
    home = `${site.url.replace("localhost", "play.localhost")}?warm-up=off`;
    await playground.start(home);
    await playground.paste(SETUP);
    panel = new PreviewPanel(playground.page);
    await panel.open(8080);
    hostile = await panel.go("/hostile.html");
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("cannot read the playground's page or storage", async () => {
    await playground.page.evaluate(() => localStorage.setItem("secret", "playground's"));
    const errors = await hostile.evaluate(() => {
      const { top } = window;
      const attempts: (() => unknown)[] = [
        () => top?.document.body,
        () => top?.localStorage.getItem("secret"),
        () => top?.location.href,
        () => Reflect.get(top ?? {}, "Worker"),
        () => top?.frames[0]?.parent.document,
      ];
      return attempts.map(attempt => {
        try {
          return attempt();
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      });
    });
    expect(errors).toEqual(Array.from({ length: 5 }, () => "SecurityError"));
    expect(await hostile.evaluate(() => localStorage.getItem("secret"))).toBeNull();
  });

  it("cannot fetch the playground's files", async () => {
    const error = await hostile.evaluate(async url => fetch(url).then(() => "read", String), home);
    expect(error).toContain("TypeError");
  });

  it("cannot lead the playground away", async () => {
    const error = await hostile.evaluate(() => {
      try {
        if (top) top.location.href = "about:blank";
        return "led";
      } catch (caught) {
        return caught instanceof DOMException ? caught.name : String(caught);
      }
    });
    expect(error).toBe("SecurityError");
    expect(playground.page.url()).toBe(home);
  });

  it("gets no second connection, though it knows the nonce and speaks as the bridge", async () => {
    const welcomes = await hostile.evaluate(async () => {
      const bridge: Window & Loot = parent;
      bridge.welcomes = 0;
      bridge.addEventListener("message", () => (bridge.welcomes = (bridge.welcomes ?? 0) + 1));
      addEventListener("message", () => (bridge.welcomes = (bridge.welcomes ?? 0) + 1));
      const nonce = bridge.location.hash.slice(1);
      const hello = { signature: "drydock-preview", nonce };
      top?.postMessage(hello, "*");
      bridge.eval?.(`top.postMessage(${JSON.stringify(hello)}, "*")`);
      // Answers to these come from the same thread as a welcome would, and later.
      for (let count = 0; count < 5; count++) await fetch("/which");
      return bridge.welcomes;
    });
    expect(welcomes).toBe(0);
  });

  it("reaches no other port, and sends nothing but requests, even over the playground's own channel", async () => {
    await hostile.evaluate(() => {
      const bridge: Window & Loot = parent;
      const ports: object = bridge.MessagePort?.prototype ?? {};
      const say: unknown = Reflect.get(ports, "postMessage");
      Reflect.set(ports, "postMessage", function spy(this: MessagePort, ...words: unknown[]): void {
        bridge.control = this;
        if (typeof say === "function") Reflect.apply(say, this, words);
      });
      // The bridge passes channels on to the worker: this one shall stay here.
      Reflect.set(bridge.ServiceWorker?.prototype ?? {}, "postMessage", () => undefined);
    });
    hostile = await panel.go("/hostile.html?again");
    const answers = await hostile.evaluate(async () => {
      const bridge: Window & Loot = parent;
      const { control } = bridge;
      if (control === undefined) return "nothing stolen";
      const channel = await new Promise<MessagePort | undefined>(resolve => {
        control.addEventListener("message", event => resolve(event.ports[0]));
        control.postMessage({ type: "channel" }, []);
      });
      const ask = (request: object): Promise<string> =>
        new Promise(resolve => {
          const { port1, port2 } = new MessageChannel();
          let text = "";
          port1.addEventListener("message", ({ data }) => {
            if (data.type === "head") text += `${data.status} `;
            else if (data.type === "data") text += new TextDecoder().decode(data.bytes).trim();
            else resolve(data.type === "end" ? text : "failed");
          });
          port1.start();
          port1.postMessage({ type: "more", bytes: 1e9 });
          channel?.postMessage(request, [port2]);
        });
      const get = {
        method: "GET",
        target: "/which",
        headers: [],
        body: null,
        document: false,
        cookies: false,
      };
      return Promise.all([
        ask(get),
        ask({ ...get, port: 8081, address: "127.0.0.1:8081", kind: "unix", path: "/var/run/docker.sock" }),
        ask({ ...get, headers: [["Host", "localhost:8081"]] }),
        ask({ ...get, target: "http://localhost:8081/which" }),
        ask({ ...get, target: "/which HTTP/1.1\r\nHost: a\r\n\r\nGET /which" }),
        ask({ ...get, headers: [["A", "b\r\nC: d"]] }),
        ask({ ...get, method: "CONNECT", target: "localhost:8081" }),
        ask({ kind: "tcp", address: "127.0.0.1", port: 8081 }),
        ask([]),
      ]);
    });
    const failed = Array.from({ length: 6 }, () => "failed");
    expect(answers).toEqual(["200 8080", "200 8080", "200 8080", ...failed]);
  });

  it("cannot put a service worker of its own in place, nor do lasting harm to ours", async () => {
    const outcome = await hostile.evaluate(async () => {
      const { serviceWorker } = navigator;
      const registered = await serviceWorker.register("/evil.js").then(() => "registered", String);
      const ours = await serviceWorker.getRegistration();
      return [registered, await ours?.unregister()];
    });
    expect(outcome[0]).toContain("TypeError");
    expect(outcome[1]).toBe(true);
    await panel.close();
    await panel.open(8080);
    expect(await (await panel.go("/which")).textContent("body")).toContain("8080");
  });

  it("leaves a playground that works", async () => {
    expect(await playground.page.evaluate(() => localStorage.getItem("secret"))).toBe("playground's");
    await playground.focusTerminal();
    expect(await playground.run("echo $((6 * 7))")).toBe("42");
    await vi.waitFor(() => expect(playground.page.url()).toBe(home));
  });
});
