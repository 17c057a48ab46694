import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ExecResult, type Guest, startGuest } from "../../scripts/lib/guest.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";
import { type Traces, leftBehind, traces } from "./traces.ts";

/** How many containers are started in a loop. */
const MANY = 30;

/** Networks, ports and volumes as the guest's own kernel has them. */
describe("networks and volumes in the guest", { timeout: 2 * GUEST_TIMEOUT }, () => {
  let guest: Guest;
  let before: Traces;

  beforeAll(async () => {
    guest = await startGuest(testMachine());
    before = await traces(guest);
  }, GUEST_TIMEOUT);

  afterAll(() => guest.machine.destroy());

  afterEach(async () => {
    await guest.exec(
      "docker ps -aq | xargs -r docker rm -f -v; docker network prune -f; docker volume prune -af",
    );
    expect(leftBehind(before, await traces(guest))).toEqual({});
  }, GUEST_TIMEOUT);

  const run = (line: string): Promise<ExecResult> => guest.exec(line);
  const output = async (line: string): Promise<string> => (await guest.output(line)).trimEnd();

  it("publish a port on the host and lead containers to each other and to the sandbox internet", async () => {
    await output(
      "docker run -d -p 8080:80 --name www busybox sh -c 'mkdir /www; echo served > /www/index.html; httpd -f -h /www'",
    );
    const address = await output("docker inspect -f '{{.NetworkSettings.IPAddress}}' www");
    expect(await output("docker port www 80")).toBe("0.0.0.0:8080\n[::]:8080");
    expect(await output("iptables -t nat -nL DOCKER")).toMatch(
      new RegExp(`^DNAT +tcp +-- +0\\.0\\.0\\.0/0 +0\\.0\\.0\\.0/0 +tcp dpt:8080 to:${address}:80$`, "m"),
    );
    expect(await output("curl -s http://localhost:8080")).toBe("served");
    const client = "docker run --rm busybox wget -qO-";
    expect(await output(`${client} http://${address}`)).toBe("served");
    expect(await output(`${client} http://172.17.0.1:8080`)).toBe("served");
    expect(await output(`${client} http://example.com`)).toContain("<html");
    expect((await run("docker run --rm -p 8080:80 busybox true")).stderr).toMatch(
      /port is already allocated/,
    );
    await output("service docker restart");
    expect(await output("curl -s http://localhost:8080")).toBe("served");
  });

  it("know containers by name in a network of one's own", async () => {
    await output("docker network create backend");
    await output("docker run -d --network backend --name db busybox sleep 1000");
    expect(await output("docker run --rm --network backend busybox ping -c 1 db")).toMatch(
      /, 0% packet loss/,
    );
    expect((await run("docker run --rm busybox ping -c 1 db")).stderr).toBe("ping: bad address 'db'\n");
    expect((await run("docker network rm backend")).stderr).toMatch(/has active endpoints/);
  });

  it("keep a volume when its container goes, and copy files both ways", async () => {
    await output("docker run --rm -v data:/data busybox sh -c 'echo kept > /data/file'");
    expect(await output("docker run --rm --mount source=data,target=/there busybox cat /there/file")).toBe(
      "kept",
    );
    await output("docker create --name box busybox; echo in > /tmp/in; docker cp -q /tmp/in box:/root/in");
    expect(await output("docker cp -q box:/root/in /tmp/out; cat /tmp/out; rm /tmp/in /tmp/out")).toBe("in");
  });

  it(`start ${MANY} containers and leave nothing of them, though dockerd is killed three times`, async () => {
    const kill =
      "kill -9 $(pidof dockerd || pgrep -o -f bin/dockerd); until docker ps -q > /dev/null 2>&1; do sleep 0.1; done";
    for (const third of [0, 1, 2]) {
      const [from, to] = [(third * MANY) / 3 + 1, ((third + 1) * MANY) / 3];
      await output(
        `for i in $(seq ${from} ${to}); do docker run -d --name many$i busybox sleep 10000 || exit 1; done`,
      );
      await output(kill);
      expect(await output("docker ps -q | wc -l")).toBe(String(to));
    }
    expect(await output("docker rm -f $(docker ps -aq) | wc -l")).toBe(String(MANY));
  });
});
