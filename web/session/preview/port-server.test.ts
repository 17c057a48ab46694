import { describe, expect, it } from "vitest";
import { FakeConnection } from "../../http/fake-connection.ts";
import type { Answer } from "../../preview/messages.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import { PortServer } from "./port-server.ts";

const GET = { method: "GET", target: "/", headers: [], body: null, document: true, cookies: true };

/** A port of a guest whose connections and clock the test holds. */
function setUp() {
  const connections: FakeConnection[] = [];
  const opened: OpenRequest[] = [];
  const timers = new Set<() => void>();
  const server = new PortServer(8080, {
    open: request => {
      const connection = new FakeConnection();
      connections.push(connection);
      opened.push(request);
      return connection;
    },
    explain: (failure, port) => `${failure} ${port}`,
    later: (_milliseconds, callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  const { port1: near, port2: far } = new MessageChannel();
  const end = server.accept(near);
  return { connections, opened, timers, ask: (request: unknown) => ask(far, request), end };
}

/** Asks over a channel; collects what is answered. */
function ask(channel: MessagePort, request: unknown) {
  const { port1, port2 } = new MessageChannel();
  const answers: Answer[] = [];
  const over = new Promise<Answer["type"]>(resolve => {
    port1.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      answers.push(data);
      if (data.type !== "end" && data.type !== "failed") return;
      port1.close();
      resolve(data.type);
    });
  });
  port1.start();
  channel.postMessage(request, [port2]);
  const more = (bytes: number): void => port1.postMessage({ type: "more", bytes }, []);
  const cancel = (): void => port1.postMessage({ type: "cancel" }, []);
  const text = (): string =>
    answers.map(answer => (answer.type === "data" ? decodeText(answer.bytes) : "")).join("");
  return { answers, over, more, cancel, text };
}

/** Waits for what the ports bring: messages come with the next turns of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}

describe("a published port's server", () => {
  it("asks the guest's port, and no other", async () => {
    const { ask: request, opened, connections } = setUp();
    const asked = request({ ...GET, port: 9090, address: "10.0.0.1" });
    asked.more(100);
    await until(() => connections.length === 1);
    connections[0]?.say(encodeText("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    expect(await asked.over).toBe("end");
    expect(asked.answers[0]).toMatchObject({ type: "head", status: 200 });
    expect(asked.text()).toBe("hello");
    expect(opened).toEqual([{ kind: "tcp", address: "127.0.0.1", port: 8080 }]);
  });

  it("reads on only when there is room for it", async () => {
    const { ask: request, connections } = setUp();
    const asked = request(GET);
    await until(() => connections.length === 1);
    const [connection] = connections;
    connection?.say(encodeText("HTTP/1.1 200 OK\r\n\r\n"));
    const head = connection?.taken ?? 0;
    for (let count = 0; count < 10; count++) connection?.say(encodeText("0123456789"));
    await until(() => asked.answers.length === 1);
    expect((connection?.taken ?? 0) - head).toBeLessThanOrEqual(30);
    asked.more(1000);
    connection?.endFromGuest();
    expect(await asked.over).toBe("end");
    expect(asked.text()).toHaveLength(100);
  });

  it.each([
    ["refused", new LinkError("ECONNREFUSED", "connect: Connection refused")],
    ["closed", new LinkError("ECONNRESET", "read: Connection reset by peer")],
  ])("explains to a person: %s", async (failure, error) => {
    const { ask: request, connections } = setUp();
    const asked = request(GET);
    asked.more(1000);
    await until(() => connections.length === 1);
    connections[0]?.reset(error);
    expect(await asked.over).toBe("end");
    expect(asked.text()).toBe(`${failure} 8080`);
    expect(asked.answers[0]).toMatchObject({ status: 502 });
  });

  it("tells a script only that it failed", async () => {
    const { ask: request, connections } = setUp();
    const asked = request({ ...GET, document: false });
    await until(() => connections.length === 1);
    connections[0]?.endFromGuest();
    expect(await asked.over).toBe("failed");
    expect(asked.answers).toHaveLength(1);
  });

  it("breaks off what the server broke off", async () => {
    const { ask: request, connections } = setUp();
    const asked = request(GET);
    asked.more(1000);
    await until(() => connections.length === 1);
    connections[0]?.say(encodeText("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"));
    connections[0]?.endFromGuest();
    expect(await asked.over).toBe("failed");
  });

  it("does not wait for ever", async () => {
    const { ask: request, connections, timers } = setUp();
    const asked = request(GET);
    asked.more(1000);
    await until(() => connections.length === 1);
    for (const fire of timers) fire();
    expect(await asked.over).toBe("end");
    expect(asked.text()).toBe("timeout 8080");
  });

  it("hangs up when nobody waits any more", async () => {
    const { ask: request, connections } = setUp();
    const asked = request(GET);
    await until(() => connections.length === 1);
    asked.cancel();
    expect(await connections[0]?.closed).toMatchObject({ how: "reset", error: { code: "ECANCELED" } });
  });

  it("hangs up on everything when its channel ends", async () => {
    const { ask: request, connections, end } = setUp();
    request(GET);
    await until(() => connections.length === 1);
    end();
    expect(await connections[0]?.closed).toMatchObject({ how: "reset" });
  });

  it("has no more than sixteen connections at once, and comes to the others", async () => {
    const { ask: request, connections } = setUp();
    const asked = Array.from({ length: 20 }, () => request({ ...GET, document: false }));
    await until(() => connections.length === 16);
    for (let count = 0; count < 20; count++) {
      await until(() => connections.length > count);
      connections[count]?.say(encodeText("HTTP/1.1 204 No Content\r\n\r\n"));
    }
    expect(await Promise.all(asked.map(({ over }) => over))).toEqual(Array.from({ length: 20 }, () => "end"));
  });

  it("answers what is no request with a failure, and opens nothing", async () => {
    const { ask: request, connections } = setUp();
    expect(await request({ ...GET, target: "nowhere" }).over).toBe("failed");
    expect(connections).toEqual([]);
  });
});
