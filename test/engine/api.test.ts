/** The Engine API as any HTTP client meets it: versions, errors, framing, and clients that hang up. */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { type Answer, ask, type Call, frames, hijack, open, readAll, sendRaw } from "./api-client.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { assertNothingLeaks, type Holdings, holdings } from "./holdings.ts";

const START_TIMEOUT_MS = 60_000;
const LARGE = 3 * 1024 * 1024;

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`The engine's API is NOT tested: ${reason}`);

/** What the API says went wrong. */
function message({ text }: Answer): unknown {
  return JSON.parse(text).message;
}

/** Frames in the order of their streams, which need not be that of their arrival. */
function byStream(bytes: Buffer): [number, string][] {
  return frames(bytes).toSorted(([a], [b]) => a - b);
}

describe.skipIf(reason !== undefined)("the API", () => {
  let engine: EngineUnderTest;
  let before: Holdings;

  const call = (request: Call): Promise<Answer> => ask(engine.socket, request);
  const get = (path: string): Promise<Answer> => call({ path });
  const post = (path: string, body?: unknown): Promise<Answer> => call({ method: "POST", path, body });

  /** Makes a container and starts it. Returns its id. */
  async function run(config: object): Promise<string> {
    const { text, status } = await post("/containers/create?name=web", { Image: "busybox", ...config });
    expect({ status, text }).toMatchObject({ status: 201 });
    const { Id: id } = JSON.parse(text);
    expect((await post(`/containers/${id}/start`)).status).toBe(204);
    return id;
  }

  beforeAll(async () => {
    engine = await EngineUnderTest.start();
    await post("/images/create?fromImage=busybox&tag=latest");
    before = holdings(engine);
  }, START_TIMEOUT_MS);

  afterEach(async () => {
    await call({ method: "DELETE", path: "/containers/web?force=1" });
    await assertNothingLeaks(engine, before);
  });

  afterAll(async () => {
    expect(engine.log).not.toMatch(/unhandled|level=error/);
    await engine.stop();
  });

  describe("versions and headers", () => {
    it("ping says who we are", async () => {
      const { status, headers, text } = await get("/_ping");
      expect({ status, text }).toEqual({ status: 200, text: "OK" });
      expect(headers).toMatchObject({
        "api-version": "1.50",
        ostype: "linux",
        "content-type": "text/plain; charset=utf-8",
        "docker-experimental": "false",
        server: expect.stringMatching(/^Docker\/28\.\d+\.\d+ \(linux\)$/),
      });
      const head = await call({ method: "HEAD", path: "/_ping" });
      expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" });
    });

    it.each(["/version", "/v1.24/version", "/v1.50/version"])("%s is answered", async path => {
      const { status, text } = await get(path);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toMatchObject({ ApiVersion: "1.50", MinAPIVersion: "1.24", Os: "linux" });
    });

    it.each([
      ["/v1.51/version", "client version 1.51 is too new. Maximum supported API version is 1.50"],
      [
        "/v1.23/version",
        "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version",
      ],
    ])("%s is refused", async (path, text) => {
      const answer = await get(path);
      expect({ status: answer.status, message: message(answer) }).toEqual({ status: 400, message: text });
    });
  });

  describe("errors", () => {
    it.each([
      ["GET", "/nonsense", 404, "page not found"],
      ["GET", "/", 404, "page not found"],
      ["GET", "/v1.50", 404, "page not found"],
      ["GET", "/containers", 404, "page not found"],
      ["POST", "/containers/json", 404, "page not found"],
      ["PUT", "/version", 404, "page not found"],
      ["GET", "/containers/nonsense/json", 404, "No such container: nonsense"],
      ["POST", "/containers/nonsense/start", 404, "No such container: nonsense"],
      ["GET", "/images/nonsense/json", 404, "No such image: nonsense:latest"],
      ["GET", "/containers/json?limit=x", 400, 'strconv.Atoi: parsing "x": invalid syntax'],
    ])("%s %s is answered with %i", async (method, path, status, text) => {
      const answer = await call({ method, path });
      expect({ status: answer.status, message: message(answer) }).toEqual({ status, message: text });
      expect(answer.headers["content-type"]).toBe("application/json");
    });

    it.each([
      ["{", "invalid JSON: unexpected EOF"],
      ["nonsense", "invalid JSON: invalid character 'o' in literal null (expecting 'u')"],
      ['{"Image":}', "invalid JSON: invalid character '}' looking for beginning of value"],
      ["  ", "invalid JSON: got EOF while reading request body"],
      ['{"Image":"busybox"} {}', "unexpected content after JSON"],
    ])("the body %s is refused", async (body, text) => {
      const answer = await post("/containers/create", body);
      expect({ status: answer.status, message: message(answer) }).toEqual({ status: 400, message: text });
    });

    it("a body of another type is refused", async () => {
      const headers = { "Content-Type": "text/plain" };
      const answer = await call({ method: "POST", path: "/containers/create", body: "{}", headers });
      expect(answer.status).toBe(400);
      expect(message(answer)).toBe(
        "unsupported Content-Type header (text/plain): must be 'application/json'",
      );
    });

    it("a large body is read to its end", async () => {
      const answer = await post("/containers/create", {
        Image: "nonsense",
        Labels: { x: "x".repeat(LARGE) },
      });
      expect({ status: answer.status, message: message(answer) }).toEqual({
        status: 404,
        message: "No such image: nonsense:latest",
      });
    });

    it("a body in chunks is read to its end", async () => {
      const headers = { "Transfer-Encoding": "chunked" };
      const answer = await call({
        method: "POST",
        path: "/containers/create",
        body: { Image: "nonsense" },
        headers,
      });
      expect(answer.status).toBe(404);
    });

    it.each([
      "nonsense\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /version HTTP/1.1\r\nno colon\r\n\r\n",
    ])("%j is a bad request", async text => {
      expect(await sendRaw(engine.socket, text)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    });

    it("a connection serves one request after the other", async () => {
      const ping = "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n";
      const last = "GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      const text = await sendRaw(engine.socket, ping + ping + last);
      expect(text.match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(3);
    });
  });

  describe("streams", () => {
    it("a pull tells its progress line by line", async () => {
      const response = await open(engine.socket, {
        method: "POST",
        path: "/images/create?fromImage=busybox&tag=latest",
      });
      expect(response.headers).toMatchObject({
        "content-type": "application/json",
        "transfer-encoding": "chunked",
      });
      let text = "";
      for await (const piece of response.setEncoding("utf8")) text += String(piece);
      const lines = text.trimEnd().split("\r\n");
      const statuses = lines.map(line => JSON.parse(line).status);
      expect(statuses[0]).toBe("Pulling from library/busybox");
      expect(statuses.at(-1)).toBe("Status: Image is up to date for busybox:latest");
    });

    it("attach upgrades, and frames what the container prints", async () => {
      const id = await createWaiting('read line; echo "out $line"; echo err >&2');
      const { status, headers, socket, early } = await hijack(engine.socket, {
        path: `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`,
      });
      expect({ status, type: headers["content-type"] }).toEqual({
        status: 101,
        type: "application/vnd.docker.multiplexed-stream",
      });
      expect((await post(`/containers/${id}/start`)).status).toBe(204);
      socket.write("line\n");
      expect(byStream(await readAll(socket, early))).toEqual([
        [1, "out line\n"],
        [2, "err\n"],
      ]);
    });

    it("without an upgrade attach answers 200 and streams", async () => {
      const id = await createWaiting("echo plain");
      const response = await open(engine.socket, {
        method: "POST",
        path: `/containers/${id}/attach?stream=1&stdout=1`,
      });
      expect(response.statusCode).toBe(200);
      await post(`/containers/${id}/start`);
      expect(frames(await readAll(response))).toEqual([[1, "plain\n"]]);
    });

    it("logs frame each line, and those of a terminal are raw", async () => {
      const id = await run({ Cmd: ["sh", "-c", "echo out; echo err >&2"] });
      await post(`/containers/${id}/wait`);
      const response = await open(engine.socket, { path: `/containers/${id}/logs?stdout=1&stderr=1` });
      expect(byStream(await readAll(response))).toEqual([
        [1, "out\n"],
        [2, "err\n"],
      ]);
    });

    it("exec runs beside the container", async () => {
      const id = await run({ Cmd: ["sleep", "1000"] });
      const made = await post(`/containers/${id}/exec`, {
        Cmd: ["sh", "-c", "echo hi; exit 6"],
        AttachStdout: true,
      });
      const { Id: exec } = JSON.parse(made.text);
      const { socket, early } = await hijack(engine.socket, {
        path: `/exec/${exec}/start`,
        body: { Detach: false, Tty: false },
      });
      expect(frames(await readAll(socket, early))).toEqual([[1, "hi\n"]]);
      await expect
        .poll(async () => JSON.parse((await get(`/exec/${exec}/json`)).text))
        .toMatchObject({ Running: false, ExitCode: 6 });
    });
  });

  describe("a client that hangs up", () => {
    const TALKATIVE = { Cmd: ["sh", "-c", "while :; do echo tick; sleep 0.05; done"] };

    it.each([
      ["logs", "GET", "/containers/web/logs?follow=1&stdout=1"],
      ["attach", "POST", "/containers/web/attach?stream=1&stdout=1&stderr=1"],
      ["wait", "POST", "/containers/web/wait"],
      ["events", "GET", "/events"],
    ])("in the middle of %s harms nobody", async (_, method, path) => {
      await run(TALKATIVE);
      const descriptors = await engine.openDescriptors();
      const response = await open(engine.socket, { method, path });
      expect(response.statusCode).toBe(200);
      if (!path.includes("wait") && !path.includes("events")) await once(response, "data");
      response.destroy();
      const { text } = await get("/containers/web/json");
      expect(JSON.parse(text).State.Running).toBe(true);
      await expect.poll(() => engine.openDescriptors()).toBeLessThanOrEqual(descriptors);
    });
  });

  /** A container that a client can attach to before it starts. Returns its id. */
  async function createWaiting(script: string): Promise<string> {
    const { text } = await post("/containers/create?name=web", {
      Image: "busybox",
      Cmd: ["sh", "-c", script],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    return JSON.parse(text).Id;
  }
});
