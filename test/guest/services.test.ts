import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Guest, startGuest } from "../../scripts/lib/guest.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

/** The guest as a small Docker host. */
describe("the guest's services", { timeout: GUEST_TIMEOUT }, () => {
  let guest: Guest;

  beforeAll(async () => {
    guest = await startGuest(testMachine());
  }, GUEST_TIMEOUT);

  afterAll(() => guest.machine.destroy());

  const pidOf = async (service: string): Promise<string> =>
    (await guest.output(`systemctl status ${service}`)).replace(/[^]*Main PID: (\d+)[^]*/, "$1");

  it("are root's on node1, with the tools that a learner expects", async () => {
    expect(await guest.output("hostname; id -un")).toBe("node1\nroot\n");
    const tools =
      "bash ip brctl iptables nsenter unshare ps top curl tar gzip vi nano less docker dockerd service systemctl";
    expect(await guest.output(`for tool in ${tools}; do type -P $tool > /dev/null || echo $tool; done`)).toBe(
      "",
    );
    expect(await guest.output("iptables --version")).toMatch(/legacy/);
  });

  it("stop and start docker in both spellings, and say how it is", async () => {
    expect(await guest.output("service docker status")).toBe("Docker is running.\n");
    await guest.output("service docker stop");
    const stopped = await guest.exec("docker ps");
    expect([stopped.status, stopped.stderr]).toEqual([
      1,
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
    ]);
    expect((await guest.exec("systemctl is-active docker")).stdout).toBe("inactive\n");
    await guest.output("systemctl start docker");
    expect(await guest.output("systemctl is-active docker && docker ps -q")).toBe("active\n");
  });

  it.each(["docker", "cli-host"])("bring %s back after kill -9, and docker answers", async service => {
    const killed = await pidOf(service);
    await guest.output(`kill -9 ${killed}`);
    await guest.output(`until ! [ -d /proc/${killed} ]; do sleep 0.1; done`);
    await guest.output(`until systemctl is-active -q ${service}; do sleep 0.1; done`);
    expect(await pidOf(service)).not.toBe(killed);
    expect(await guest.output("docker run --rm busybox echo back")).toBe("back\n");
  });

  it("keep a container running over `service docker restart`, with its logs and exit code", async () => {
    const script = "i=0; while [ ! -e /stop ]; do echo $i; i=$((i + 1)); sleep 0.1; done; exit 6";
    await guest.exec('docker run -d --name survivor busybox sh -c "$(cat)"', { stdin: script });
    await guest.output("service docker restart");
    expect(await guest.output("docker ps --format '{{.Names}}'")).toBe("survivor\n");
    const seen = Number((await guest.output("docker logs survivor | tail -1")).trim());
    await guest.output(`until [ "$(docker logs survivor | tail -1)" -gt ${seen} ]; do :; done`);
    expect(
      await guest.output("docker exec survivor touch /stop; docker wait survivor; docker rm survivor"),
    ).toBe("6\nsurvivor\n");
  });
});
