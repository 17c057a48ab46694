import { describe, expect, it } from "vitest";
import { FakeConnection } from "../../http/fake-connection.ts";
import { BridgeLink, type BridgeWindow, type WindowMessage } from "./bridge-link.ts";
import { PortServer } from "./port-server.ts";

const ORIGIN = "http://8080-1.localhost:8081";
const HELLO = { signature: "drydock-preview", nonce: "n" };

const never = (): void => undefined;

/** A link whose two windows the test plays. */
function setUp() {
  const listeners = new Set<(event: WindowMessage) => void>();
  const said: { message: unknown; origin: string; ports: readonly Transferable[] }[] = [];
  const told: string[] = [];
  const peer: BridgeWindow = {
    postMessage: (message, origin, ports) => void said.push({ message, origin, ports }),
  };
  const server = new PortServer(8080, {
    open: () => new FakeConnection(),
    explain: () => "",
    later: () => never,
  });
  const link = new BridgeLink({
    origin: ORIGIN,
    path: "/first",
    owner: "8080-1",
    nonce: "n",
    server,
    window: {
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    observer: {
      ready: () => void told.push("ready"),
      at: path => void told.push(path),
      failed: () => void told.push("failed"),
    },
  });
  const hear = (data: unknown, source: unknown = peer, origin = ORIGIN): void => {
    for (const listener of listeners) listener({ data, source, origin });
  };
  const control = (): MessagePort => {
    const [port] = said[0]?.ports ?? [];
    if (!(port instanceof MessagePort)) throw new Error("there is no port");
    return port;
  };
  return { link, peer, said, told, hear, control };
}

/** The next message over a port. */
function next(port: MessagePort): Promise<MessageEvent<unknown>> {
  return new Promise(resolve => {
    port.addEventListener("message", resolve, { once: true });
    port.start();
  });
}

describe("the playground's end of a bridge", () => {
  it("answers the window that it was given, once, and that origin alone", () => {
    const { link, peer, said, hear } = setUp();
    expect(link.url).toBe(`${ORIGIN}/drydock-bridge.html#n`);
    link.expect(peer);
    hear(HELLO);
    hear(HELLO);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ origin: ORIGIN, message: { ...HELLO, path: "/first", owner: "8080-1" } });
    link.close();
  });

  it.each([
    ["another window", HELLO, {}, ORIGIN],
    ["another origin", HELLO, undefined, "http://8081-1.localhost:8081"],
    ["another nonce", { ...HELLO, nonce: "m" }, undefined, ORIGIN],
    ["no nonce", { signature: HELLO.signature }, undefined, ORIGIN],
    ["another signature", { nonce: "n" }, undefined, ORIGIN],
    ["nothing", null, undefined, ORIGIN],
  ])("does not answer %s", (_what, data, source, origin) => {
    const { link, peer, said, hear } = setUp();
    link.expect(peer);
    hear(data, source ?? peer, origin);
    expect(said).toEqual([]);
    expect(link.connected).toBe(false);
  });

  it("answers nobody before it knows the window", () => {
    const { hear, said } = setUp();
    hear(HELLO);
    expect(said).toEqual([]);
  });

  it("gives channels, and believes paths that are paths", async () => {
    const { link, peer, told, hear, control } = setUp();
    link.expect(peer);
    hear(HELLO);
    const port = control();
    for (const message of [
      null,
      "channel",
      { type: "constructor" },
      { type: "ready" },
      { type: "at", path: "javascript:x" },
      { type: "at", path: "/second" },
    ])
      port.postMessage(message, []);
    port.postMessage({ type: "channel" }, []);
    const answer = await next(port);
    expect(answer.data).toEqual({ type: "channel" });
    expect(answer.ports).toHaveLength(1);
    expect(told).toEqual(["ready", "/second"]);
    link.close();
    for (const open of [port, ...answer.ports]) open.close();
  });
});
