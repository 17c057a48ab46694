import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { V86_VERSION } from "./v86.ts";

it("names the version of v86 that is installed", () => {
  const manifest = createRequire(import.meta.url).resolve("v86/package.json");
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  expect(version.split("+")[0]).toBe(V86_VERSION);
});
