import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Guest, startGuest } from "../../scripts/lib/guest.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

/** What programs in the machine find outside of it. */
describe("the sandbox internet", { timeout: GUEST_TIMEOUT }, () => {
  let guest: Guest;

  beforeAll(async () => {
    guest = await startGuest(testMachine());
  }, GUEST_TIMEOUT);

  afterAll(() => guest.machine.destroy());

  it("answers for example.com", async () => {
    const answer = await guest.output("curl -sS -i http://example.com");
    const [head = "", page = ""] = answer.split("\r\n\r\n");
    expect(head.split("\r\n").slice(0, 2)).toEqual([
      "HTTP/1.1 200 OK",
      "Content-Type: text/html; charset=utf-8",
    ]);
    expect(page).toContain("<title>Example</title>");
  });

  it("has no other hosts", async () => {
    expect(await guest.exec("curl -sS http://nosuch.example.com")).toEqual({
      stdout: "",
      stderr: "curl: (6) Could not resolve host: nosuch.example.com\n",
      status: 6,
    });
    const { stdout, status } = await guest.exec("nslookup nosuch.example.com 2>&1");
    expect(stdout).toContain("NXDOMAIN");
    expect(status).not.toBe(0);
  });

  it("echoes what it is sent", async () => {
    const line =
      "curl -sS -X PUT -H 'X-Lesson: 7' -d 'some words' 'http://echo.drydock.internal/a?b=c' | jq -c";
    expect(
      JSON.parse(await guest.output(`${line} '[.method, .path, .query, .body, .headers["x-lesson"]]'`)),
    ).toEqual(["PUT", "/a", { b: "c" }, "some words", "7"]);
  });

  it("takes a large body and one of unknown length", async () => {
    const count = "jq '.body | length'";
    const send = "curl -sS -T - -H 'Content-Type: text/plain' http://echo.drydock.internal/";
    expect(await guest.output(`yes | head -c 300000 | ${send} | ${count}`)).toBe("300000\n");
    const status = "curl -sS -o /dev/null -w '%{http_code}' --data-binary @-";
    expect(await guest.output(`yes | head -c 1100000 | ${status} http://echo.drydock.internal/`)).toBe("413");
  });

  it("is there for other network namespaces, as containers are", async () => {
    const { stdout, stderr, status } = await guest.exec(`set -e
      ip netns add box
      trap 'ip netns del box' EXIT
      ip link add outside type veth peer name inside netns box
      ip addr add 10.9.0.1/24 dev outside
      ip link set outside up
      ip -n box addr add 10.9.0.2/24 dev inside
      ip -n box link set inside up
      ip -n box route add default via 10.9.0.1
      ip netns exec box curl -sS -o /dev/null -w '%{http_code}' http://example.org`);
    expect({ stdout, stderr, status }).toEqual({ stdout: "200", stderr: "", status: 0 });
  });
});
