/** The runtime's native modules on a real system, where the fakes of unit tests end. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { bundleProgram, runProgram } from "./jsrun.ts";

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`The runtime's native modules are NOT tested: ${reason}`);

describe.skipIf(reason !== undefined)("the runtime", () => {
  let directory: string;
  const at = (name: string): string => join(directory, name);
  const run = async (name: string, ...args: string[]) =>
    JSON.parse(await runProgram(await bundleProgram(name, directory), args));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "drydock-runtime-"));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  it("passes descriptors over sockets, and copies between them without JavaScript", async () => {
    await writeFile(at("source"), "many bytes ".repeat(50_000));
    expect(await run("descriptors", at("source"), at("copy"))).toEqual({
      text: "with a descriptor",
      piped: "through the pipe",
      atEnd: 0,
      uid: 0,
      rest: { length: 0, fds: [] },
      reason: "end",
      same: true,
    });
  });

  it("makes terminals, cooked and raw", async () => {
    expect(await run("terminal")).toEqual({
      isatty: true,
      size: [33, 121],
      cooked: { input: "ac\n", shown: "ab\b \bc\r\n\r\n|" },
      raw: { input: "ab\u007fc\r", shown: "\n|" },
      again: { input: "d\n", shown: "d\r\n\r\n|" },
    });
  });

  it("compresses and hashes like everybody else", async () => {
    const plain = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `line ${i * i}\n`).join(""));
    await writeFile(at("plain"), plain);
    await writeFile(at("gzip"), gzipSync(plain));
    const digest = createHash("sha256").update(plain).digest("hex");
    expect(await run("compression", at("plain"), at("gzip"))).toEqual({
      whole: digest,
      pieces: digest,
      roundTrip: digest,
      foreign: digest,
      empty: createHash("sha256").digest("hex"),
      corrupt: "TypeError",
      cutOff: "TypeError",
    });
  });

  it("builds networks", async () => {
    const { inside, outside, failure, left } = await run("network", at("netns"));
    const bridge = outside.links.find(({ name }: { name: string }) => name === "br0");
    expect(bridge).toMatchObject({ up: true, mac: "02:42:00:00:00:01" });
    expect(outside.links).toContainEqual(
      expect.objectContaining({ name: "port0", up: true, mtu: 1400, master: bridge.index }),
    );
    expect(outside.addresses).toContainEqual({ index: bridge.index, address: "10.9.0.1", prefix: 24 });
    const eth0 = inside.links.find(({ name }: { name: string }) => name === "eth0");
    expect(eth0).toMatchObject({ up: true, mac: "02:42:00:00:00:02" });
    expect(inside.addresses).toContainEqual({ index: eth0.index, address: "10.9.0.2", prefix: 24 });
    expect(inside.routes).toContainEqual({ prefix: 0, gateway: "10.9.0.1", index: eth0.index });
    expect(inside.without).toContainEqual({ destination: "10.9.0.0", prefix: 24, index: eth0.index });
    expect(inside.without).not.toContainEqual(expect.objectContaining({ prefix: 0 }));
    expect(failure).toContain("file exists");
    expect(left).not.toContain("br0");
    expect(left).not.toContain("port0");
  });
});
