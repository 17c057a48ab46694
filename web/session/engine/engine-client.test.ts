import { describe, expect, it } from "vitest";
import type { EventMessage } from "../../../engine/api/system.ts";
import { EngineClient } from "./engine-client.ts";
import { FakeDaemon } from "./fake-daemon.ts";

const LIST = { method: "GET", path: "/containers/json", query: { all: "1" } } as const;
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

function setUp() {
  const daemon = new FakeDaemon();
  return { daemon, client: new EngineClient(daemon) };
}

/** Lets everything run that waits for nothing. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

describe("a call of the Engine API", () => {
  it("goes to the daemon's socket as HTTP/1.1", () => {
    const { daemon, client } = setUp();
    void client.json(LIST).catch(() => undefined);
    expect(daemon.requests).toEqual([{ kind: "unix", path: "/var/run/docker.sock" }]);
    expect(daemon.connections[0]?.request).toBe(
      "GET /v1.50/containers/json?all=1 HTTP/1.1\r\nHost: docker\r\nUser-Agent: drydock-page\r\n\r\n",
    );
  });

  it("tells how long its body is, in bytes", () => {
    const { daemon, client } = setUp();
    void client.send({ method: "POST", path: "/x", body: { name: "é" } }).catch(() => undefined);
    expect(daemon.connections[0]?.request).toMatch(/\r\nContent-Length: 13\r\n\r\n{"name":"é"}$/);
  });

  it("gives the answer's JSON, and hangs up when that has come", async () => {
    const { daemon, client } = setUp();
    const answer = client.json(LIST);
    daemon.connections[0]?.answer(200, [{ Id: "一" }]);
    expect(await answer).toEqual([{ Id: "一" }]);
    expect(daemon.connections[0]?.hungUp).toBe("ECANCELED");
  });

  it.each([
    ["byte by byte", `${HEAD}Content-Length: 7\r\n\r\n[1,2]\r\n`.split("")],
    [
      "in chunks",
      [`${HEAD}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n[1\r`, "\n3\r\n,2]\r\n0\r\nX: y\r\n\r\n"],
    ],
    ["until the connection ends", [`${HEAD}\r\n[1,`, "2]"]],
  ])("reads a body that comes %s", async (_name, pieces) => {
    const { daemon, client } = setUp();
    const answer = client.json(LIST);
    daemon.connections[0]?.say(...pieces);
    daemon.connections[0]?.finish();
    expect(await answer).toEqual([1, 2]);
  });

  it("needs no body where the status allows none", async () => {
    const { daemon, client } = setUp();
    const done = client.send({ method: "POST", path: "/containers/a/start" });
    daemon.connections[0]?.say("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n");
    await expect(done).resolves.toBeUndefined();
  });

  it("throws the daemon's own words", async () => {
    const { daemon, client } = setUp();
    const done = client.send({ method: "POST", path: "/containers/a/start" });
    daemon.connections[0]?.answer(404, { message: "No such container: a" });
    await expect(done).rejects.toMatchObject({
      kind: "refused",
      status: 404,
      message: "No such container: a",
    });
  });

  it("tells a daemon that is away", async () => {
    const { daemon, client } = setUp();
    daemon.up = false;
    await expect(client.json(LIST)).rejects.toMatchObject({ kind: "unreachable" });
  });

  it.each([
    ["in the head", HEAD],
    ["in a body of known length", `${HEAD}Content-Length: 9\r\n\r\n[1`],
    ["in a chunk", `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n[1`],
  ])("tells an answer that was cut off %s", async (_name, text) => {
    const { daemon, client } = setUp();
    const answer = client.json(LIST);
    daemon.connections[0]?.say(text);
    daemon.connections[0]?.finish();
    await expect(answer).rejects.toMatchObject({ kind: "unreachable" });
  });

  it.each([
    ["no status line", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["no header field", "HTTP/1.1 200 OK\r\nwhat\r\n\r\n"],
    ["no length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["no chunk's size", `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ["a chunk that is longer than it says", `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n12\r\n`],
    ["no JSON", `${HEAD}Content-Length: 1\r\n\r\n?`],
  ])("does not take %s for an answer", async (_name, text) => {
    const { daemon, client } = setUp();
    const answer = client.json(LIST);
    daemon.connections[0]?.say(text);
    await expect(answer).rejects.toMatchObject({ kind: "protocol" });
  });
});

/** Listens to events; returns what was heard. */
const listen = (client: EngineClient, signal?: AbortSignal) => {
  const said: string[] = [];
  const listener = {
    opened: () => void said.push("opened"),
    event: (event: EventMessage) => void said.push(event.Action),
  };
  return { said, done: client.events({ type: ["container"] }, listener, signal) };
};

describe("an answer that goes on", () => {
  it("is told line by line, as soon as each is whole", async () => {
    const { daemon, client } = setUp();
    const { said, done } = listen(client);
    const [connection] = daemon.connections;
    expect(connection?.request).toContain(
      "GET /v1.50/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D ",
    );
    connection?.say(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    await settle();
    expect(said).toEqual(["opened"]);
    connection?.say('13\r\n{"Action":"start"}\n\r\n', '9\r\n{"Action"\r\n');
    await settle();
    expect(said).toEqual(["opened", "start"]);
    connection?.say('8\r\n:"die"}\n\r\n0\r\n\r\n');
    await done;
    expect(said).toEqual(["opened", "start", "die"]);
  });

  it("can be bytes: logs", async () => {
    const { daemon, client } = setUp();
    const sizes: number[] = [];
    const done = client.stream({ method: "GET", path: "/containers/a/logs" }, async body => {
      for await (const bytes of body) sizes.push(bytes.length);
    });
    daemon.connections[0]?.say(`${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`);
    await done;
    expect(sizes).toEqual([3]);
  });

  it("ends when nobody wants it any more", async () => {
    const { daemon, client } = setUp();
    const end = new AbortController();
    const { done } = listen(client, end.signal);
    daemon.connections[0]?.say(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    await settle();
    end.abort();
    await expect(done).rejects.toMatchObject({ kind: "unreachable" });
    expect(daemon.connections[0]?.hungUp).toBe("ECANCELED");
  });
});
