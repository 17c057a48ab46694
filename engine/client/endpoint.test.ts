import { expect, test } from "vitest";
import { parseEndpoint } from "./endpoint.ts";

test.each([
  ["", { kind: "unix", address: "unix:///var/run/docker.sock", path: "/var/run/docker.sock" }],
  ["unix://", { kind: "unix", address: "unix:///var/run/docker.sock", path: "/var/run/docker.sock" }],
  ["unix:///tmp/d.sock", { kind: "unix", address: "unix:///tmp/d.sock", path: "/tmp/d.sock" }],
  ["tcp://", { kind: "tcp", address: "tcp://localhost:2375", host: "localhost", port: 2375 }],
  ["tcp://:99", { kind: "tcp", address: "tcp://localhost:99", host: "localhost", port: 99 }],
  [":99", { kind: "tcp", address: "tcp://localhost:99", host: "localhost", port: 99 }],
  ["node2", { kind: "tcp", address: "tcp://node2:2375", host: "node2", port: 2375 }],
  ["tcp://[::1]:1", { kind: "tcp", address: "tcp://[::1]:1", host: "::1", port: 1 }],
])("%s", (text, endpoint) => {
  expect(parseEndpoint(text)).toEqual(endpoint);
});

test.each([
  ["http://127.0.0.1:1", "invalid bind address format: http://127.0.0.1:1"],
  ["foo://x", "invalid bind address format: foo://x"],
  ["tcp://x:y", 'parse "tcp://x:y": invalid port ":y" after host'],
])("%s is refused", (text, message) => {
  expect(() => parseEndpoint(text)).toThrow(message);
});
