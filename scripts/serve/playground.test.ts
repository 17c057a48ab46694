import { expect, it } from "vitest";
import { playgroundHosts, previewHosts } from "./playground.ts";

it.each([
  ["localhost", ["{name}.localhost", "localhost"]],
  ["play.localhost", ["{name}.play.localhost", "play.localhost"]],
  ["127.0.0.1", ["{name}.localhost", "127.0.0.1"]],
  ["192.0.2.7", ["192.0.2.7"]],
  ["localhost.example.org", ["localhost.example.org"]],
])("previews of a playground at %s are at %j", (name, hosts) => {
  expect(previewHosts(name)).toEqual(hosts);
  for (const host of hosts) expect(playgroundHosts(host.replace("{name}", "8080-1"))).toContain(name);
});

it("belongs to no playground of another name", () => {
  expect(playgroundHosts("192.0.2.7")).toEqual(["192.0.2.7"]);
  expect(playgroundHosts("8080-1.localhost")).not.toContain("play.localhost");
});
