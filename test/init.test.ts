import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../scripts/images/paths.ts";
import { type EtcFiles, InitNamespace } from "./init-namespace.ts";

const init = join(repository.dist, "guest", "init");
/** Whether this kernel runs the guest's programs, which are for i386: as an ordinary process, init only complains. */
const runsHere = existsSync(init) && spawnSync(init).status === 1;
const canRun = process.platform === "linux" && process.getuid?.() === 0 && runsHere;
if (!canRun)
  process.stderr.write(
    "SKIPPED: test/init.test.ts needs Linux for i386 programs, root and images/dist/guest/init\n",
  );

const table = (folder: string): string => `
# A table like the guest's.
[docker]
alias         dockerd
description   Docker Application Container Engine
exec          ${folder}/daemon $DOCKER_OPTS --last
environment   /etc/default/docker
restart       always
pidfile       /run/docker-ssd.pid
log           /var/log/docker.log
reload        HUP

[crasher]
description   A service that cannot live
exec          ${folder}/crash
restart       always
log           /var/log/crasher.log

[once]
description   A service that is done when it ends
exec          ${folder}/once
restart       on-failure

[listener]
description   A service that is ready some time after its start
exec          ${folder}/listener
restart       no
ready         /run/listener.sock

[nothing]
description   A service without a program
exec          /does/not/exist
restart       no
`;

const etc = (folder: string): EtcFiles => ({
  "drydock/services": table(folder),
  "default/docker": 'DOCKER_OPTS="--dns 198.18.0.1 --debug"\n# DOCKER_OPTS="--no"\n',
});

const scripts = {
  daemon: [
    'trap "echo reloaded" HUP',
    'echo "started with $*"',
    "env",
    "while :; do sleep 1000 & wait $!; done",
  ],
  crash: ["exit 7"],
  once: ["exit 0"],
  listener: [
    `exec ${process.execPath} -e 'setTimeout(() => require("net").createServer().listen("/run/listener.sock"), 200)'`,
  ],
};

describe.skipIf(!canRun)("init", () => {
  let guest: InitNamespace;

  beforeAll(async () => {
    guest = await InitNamespace.start(init, scripts, etc, ["docker"]);
  });

  afterAll(() => guest?.dispose());

  const pid = async (): Promise<string> => (await guest.read("/run/docker-ssd.pid")) ?? "";
  const log = async (): Promise<string> => (await guest.read("/var/log/docker.log")) ?? "";

  it("passes DOCKER_OPTS and a clean environment on", async () => {
    await expect.poll(log).toContain("started with --dns 198.18.0.1 --debug --last\n");
    await expect.poll(log).toContain("HOME=/root\n");
    expect(await log()).not.toContain("drydock_stage");
  });

  it("answers status as Debian's init script does", async () => {
    expect(await guest.service("docker", "status")).toEqual({
      status: 0,
      stdout: "Docker is running.\n",
      stderr: "",
    });
    const { status, stdout } = await guest.systemctl("status", "docker");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^● docker\.service - Docker Application Container Engine\n/);
    expect(stdout).toMatch(
      /Active: active \(running\) since \w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; \d+s ago\n/,
    );
    expect(stdout).toContain(`Main PID: ${(await pid()).trim()} (daemon)`);
    expect(stdout).toContain("started with --dns");
  });

  it("knows a service by its alias and with its suffix", async () => {
    const names = ["docker", "dockerd", "docker.service", "dockerd.service"];
    expect((await guest.systemctl("is-active", ...names)).stdout).toBe("active\n".repeat(names.length));
  });

  it("starts a service again that was killed", async () => {
    const before = await pid();
    await guest.run("kill", "-9", before.trim());
    await expect.poll(pid, { timeout: 5_000 }).toMatch(/^\d+\n$/);
    await expect.poll(pid, { timeout: 5_000 }).not.toBe(before);
    expect(await guest.read("/var/log/boot.log")).toContain(
      "docker ended: killed by signal 9; starting it again in",
    );
  });

  it("stops, says that it is stopped, and starts", async () => {
    expect((await guest.service("docker", "stop")).stdout).toBe("Stopping Docker: docker.\n");
    expect(await guest.service("docker", "status")).toMatchObject({
      status: 3,
      stdout: "Docker is not running ... failed!\n",
    });
    expect(await guest.systemctl("is-active", "docker")).toMatchObject({ status: 3, stdout: "inactive\n" });
    expect((await guest.systemctl("status", "docker")).status).toBe(3);
    expect(await guest.read("/run/docker-ssd.pid")).toBeUndefined();
    expect(await guest.service("docker", "stop")).toMatchObject({
      status: 0,
      stdout: "Docker already stopped - file /run/docker-ssd.pid not found. ... (warning).\n",
    });
    expect(await guest.service("docker", "start")).toMatchObject({
      status: 0,
      stdout: "Starting Docker: docker.\n",
    });
    expect(await guest.service("docker", "status")).toMatchObject({ status: 0 });
  });

  it("restarts with a new process", async () => {
    const before = await pid();
    expect(await guest.systemctl("restart", "docker")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(await pid()).not.toBe(before);
    expect((await guest.service("docker", "restart")).stdout).toBe(
      "Stopping Docker: docker.\nStarting Docker: docker.\n",
    );
  });

  it("reloads what can be reloaded", async () => {
    expect(await guest.systemctl("reload", "docker")).toMatchObject({ status: 0 });
    await expect.poll(log).toContain("reloaded\n");
    expect(await guest.systemctl("reload", "once")).toMatchObject({
      status: 1,
      stderr: "Failed to reload once.service: Job type reload is not applicable for unit once.service.\n",
    });
  });

  it("names an unknown service as Debian's commands do", async () => {
    expect(await guest.service("nope", "start")).toMatchObject({
      status: 1,
      stderr: "nope: unrecognized service\n",
    });
    expect(await guest.systemctl("start", "nope")).toMatchObject({
      status: 5,
      stderr: "Failed to start nope.service: Unit nope.service not found.\n",
    });
    expect(await guest.systemctl("stop", "nope")).toMatchObject({
      status: 5,
      stderr: "Failed to stop nope.service: Unit nope.service not loaded.\n",
    });
    expect(await guest.systemctl("status", "nope")).toMatchObject({
      status: 4,
      stderr: "Unit nope.service could not be found.\n",
    });
  });

  it("waits ever longer between the starts of a service that cannot live", async () => {
    await guest.systemctl("start", "crasher");
    const boot = async (): Promise<string> => (await guest.read("/var/log/boot.log")) ?? "";
    await expect
      .poll(boot, { timeout: 10_000 })
      .toContain("crasher ended: exit status 7; starting it again in 1000 ms");
    expect(await boot()).toMatch(/crasher ended: exit status 7; starting it again in 250 ms[^]*in 500 ms/);
    expect((await guest.systemctl("is-active", "crasher")).stdout).toBe("activating\n");
    expect(await guest.systemctl("stop", "crasher")).toMatchObject({ status: 0 });
    expect((await guest.systemctl("is-active", "crasher")).stdout).toBe("inactive\n");
  });

  it("calls a service started once its socket answers", async () => {
    expect(await guest.systemctl("start", "listener")).toMatchObject({ status: 0, stderr: "" });
    expect((await guest.run("test", "-S", "/run/listener.sock")).status).toBe(0);
    expect((await guest.systemctl("is-active", "listener")).stdout).toBe("active\n");
  });

  it("leaves a service alone whose policy says so", async () => {
    await guest.systemctl("start", "once");
    await expect.poll(async () => (await guest.systemctl("is-active", "once")).stdout).toBe("inactive\n");
    expect((await guest.systemctl("start", "nothing")).status).toBe(1);
    expect(await guest.systemctl("is-failed", "nothing")).toMatchObject({ status: 0, stdout: "failed\n" });
  });

  it("enables and disables with a link, as systemd does", async () => {
    const link = "/etc/systemd/system/multi-user.target.wants/once.service";
    expect(await guest.systemctl("is-enabled", "once")).toMatchObject({ status: 1, stdout: "disabled\n" });
    expect((await guest.systemctl("enable", "once")).stderr).toBe(
      `Created symlink ${link} → /etc/drydock/services.\n`,
    );
    expect(await guest.systemctl("is-enabled", "once")).toMatchObject({ status: 0, stdout: "enabled\n" });
    expect((await guest.systemctl("disable", "once")).stderr).toBe(`Removed "${link}".\n`);
    expect(await guest.systemctl("is-enabled", "once")).toMatchObject({ status: 1 });
  });

  it("shows a service's part of the table", async () => {
    const { stdout } = await guest.systemctl("cat", "dockerd");
    expect(stdout).toMatch(/^# \/etc\/drydock\/services\n\[docker\]\nalias/);
    expect(stdout).not.toContain("[crasher]");
  });

  it("reads the table again when told to", async () => {
    await guest.run("sh", "-c", "printf '[late]\\nexec /bin/true\\nrestart no\\n' >> /etc/drydock/services");
    expect((await guest.systemctl("start", "late")).status).toBe(5);
    expect(await guest.systemctl("daemon-reload")).toMatchObject({ status: 0, stderr: "" });
    expect((await guest.service("--status-all")).stdout).toContain(" [ - ]  late\n");
    await guest.run("sh", "-c", "echo nonsense >> /etc/drydock/services");
    const { status, stderr } = await guest.systemctl("daemon-reload");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Failed to daemon-reload: \/etc\/drydock\/services line \d+ makes no sense\n$/);
  });

  it("reaps processes whose parents are gone", async () => {
    const { stdout } = await guest.run("sh", "-c", "sh -c 'exec > /dev/null; sleep 0.2' & echo $!");
    const orphan = stdout.trim();
    expect(orphan).toMatch(/^\d+$/);
    await expect
      .poll(async () => (await guest.run("test", "-e", `/proc/${orphan}`)).status, { timeout: 5_000 })
      .toBe(1);
  });

  it("stops everything and ends on poweroff", async () => {
    // The command is one of the processes that are ended: whether it can still say so is left to chance.
    await guest.systemctl("poweroff").catch(() => undefined);
    await guest.ended();
  });
});
