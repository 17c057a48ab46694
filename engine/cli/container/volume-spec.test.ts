import { expect, it } from "vitest";
import { parseVolumeSpec } from "./volume-spec.ts";

it.each([
  ["/a", { source: "", isBind: false }],
  ["/anon/volume", { source: "", isBind: false }],
  ["data:/a", { source: "data", isBind: false }],
  ["data:/a:ro,z", { source: "data", isBind: false }],
  ["/host:/a", { source: "/host", isBind: true }],
  ["./here:/a:ro", { source: "./here", isBind: true }],
  ["~/home:/a", { source: "~/home", isBind: true }],
  ["c:/a", { source: "", isBind: false }], // a drive, for all that is known
  ["c:\\x:/a", { source: "c:\\x", isBind: true }],
  ["\\\\.\\pipe\\x:/a", { source: "\\\\.\\pipe\\x", isBind: true }],
])("%s", (text, parsed) => {
  expect(parseVolumeSpec(text)).toEqual(parsed);
});

it.each([
  ["", "invalid empty volume spec"],
  [":/a", "invalid spec: :/a: empty section between colons"],
  ["aa::/b", "invalid spec: aa::/b: empty section between colons"],
  ["aa:/b:", "invalid spec: aa:/b:: empty section between colons"],
  ["aa:/b:ro:x", "invalid spec: aa:/b:ro:x: too many colons"],
])("%j is refused", (text, message) => {
  expect(() => parseVolumeSpec(text)).toThrow(message);
});
