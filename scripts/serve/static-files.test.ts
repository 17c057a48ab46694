import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, serve } from "./site-server.ts";
import { cacheControl, staticFiles } from "./static-files.ts";

describe("a static server", () => {
  let folder: string;
  let server: RunningServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "drydock-site-"));
    await mkdir(join(folder, "site", "machine"), { recursive: true });
    await writeFile(join(folder, "secret"), "secret");
    await writeFile(join(folder, "site", "index.html"), "<h1>page</h1>");
    await writeFile(join(folder, "site", "machine", "v86.wasm"), "wasm");
    const listener = staticFiles([{ path: "/some/where/", directory: join(folder, "site") }]);
    server = await serve(listener, { host: "127.0.0.1", port: 0, tries: 1 });
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(new URL(path, server.url), { redirect: "manual", ...init });

  it("gives a folder's page, and sends an address without the slash to it", async () => {
    expect(await (await get("/some/where/")).text()).toBe("<h1>page</h1>");
    const redirect = await get("/some/where");
    expect([redirect.status, redirect.headers.get("Location")]).toEqual([308, "/some/where/"]);
  });

  it("tells a file's type, and answers 304 to who has it", async () => {
    const first = await get("/some/where/machine/v86.wasm");
    expect(first.headers.get("Content-Type")).toBe("application/wasm");
    const tag = first.headers.get("ETag") ?? "";
    expect((await get("/some/where/machine/v86.wasm", { headers: { "If-None-Match": tag } })).status).toBe(
      304,
    );
  });

  it.each([
    "/",
    "/index.html",
    "/some/where/none",
    "/some/where/%2e%2e/secret",
    "/some/where/..%2fsecret",
    "/%ff",
  ])("has nothing at %s", async path => {
    expect((await get(path)).status).toBe(404);
  });

  it("only gives", async () => {
    expect((await get("/some/where/", { method: "POST" })).status).toBe(405);
  });
});

it.each([
  ["/assets/index-DeAPIcoT.js", true],
  ["/some/where/machine/machine-400c74abb697.drydock", true],
  [`/hub/blobs/${"0".repeat(64)}`, true],
  ["/index.html", false],
  ["/machine/index.json", false],
  ["/hub/index.json", false],
])("lets browsers keep %s for ever: %s", (path, forEver) => {
  expect(cacheControl(path).includes("immutable")).toBe(forEver);
});
