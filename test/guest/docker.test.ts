import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ExecResult, type Guest, startGuest } from "../../scripts/lib/guest.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";
import { type Traces, leftBehind, traces } from "./traces.ts";

/** What a newcomer types in the first hour, in a guest that has just been restored. */
describe("docker in the guest", { timeout: GUEST_TIMEOUT }, () => {
  let guest: Guest;
  let before: Traces;

  beforeAll(async () => {
    guest = await startGuest(testMachine());
    before = await traces(guest);
  }, GUEST_TIMEOUT);

  afterAll(() => guest.machine.destroy());

  /** Removes what a test has made, and finds nothing of it left in the kernel or on the disk. */
  afterEach(async () => {
    await guest.exec("docker ps -aq | xargs -r docker rm -f -v");
    expect(leftBehind(before, await traces(guest))).toEqual({});
  }, GUEST_TIMEOUT);

  const run = (line: string): Promise<ExecResult> => guest.exec(line);

  it("greets from hello-world, which is preloaded", async () => {
    const { stdout, stderr, status } = await run("docker run hello-world");
    expect({ greeting: stdout.trimStart().split("\n")[0], stderr, status }).toEqual({
      greeting: "Hello from Docker!",
      stderr: "",
      status: 0,
    });
  });

  it("gives a container its own processes, host name, root and cgroup", async () => {
    const { stdout } = await run(
      "docker run --rm busybox sh -c 'echo $$; hostname; ps; mount | head -1; cat /proc/self/cgroup'",
    );
    const [pid, hostname, header, first, ps, root, cgroup] = stdout.trimEnd().split("\n");
    expect([pid, header, cgroup]).toEqual(["1", "PID   USER     TIME  COMMAND", "0::/"]);
    expect(hostname).toMatch(/^[0-9a-f]{12}$/);
    expect(first).toMatch(/^ +1 root +\d:\d\d sh -c echo /);
    expect(ps).toMatch(/^ +\d+ root +\d:\d\d ps$/);
    expect(root).toMatch(/^overlay on \/ type overlay \(rw,relatime,lowerdir=.*,upperdir=.*,workdir=.*\)$/);
  });

  it("pulls through the sandbox internet, with Docker's progress, what is not here", async () => {
    const { stdout, stderr, status } = await run(
      "docker rmi busybox > /dev/null && docker run --rm busybox echo up",
    );
    expect([stdout, status]).toEqual(["up\n", 0]);
    expect(stderr).toMatch(
      /^Unable to find image 'busybox:latest' locally\nlatest: Pulling from library\/busybox\n[0-9a-f]{12}: Pulling fs layer\n/,
    );
    expect(stderr).toMatch(
      /: Pull complete\nDigest: sha256:[0-9a-f]{64}\nStatus: Downloaded newer image for busybox:latest\n$/,
    );
  });

  it("follows logs, runs more commands, stops, starts and removes a detached container", async () => {
    const script =
      "trap 'echo bye; exit 3' TERM; i=0; while :; do echo tick $i; i=$((i + 1)); sleep 0.2; done";
    const started = await run(`docker run -d --name clock busybox sh -c "${script.replaceAll("$", "\\$")}"`);
    expect(started.stdout).toMatch(/^[0-9a-f]{64}\n$/);

    const logs = guest.terminal({ argv: ["docker", "logs", "-f", "clock"] });
    await logs.waitFor(/tick 0\r\n(.*\r\n)*tick 3\r\n/);
    expect(await run("docker exec -e WHO=me -w /etc clock sh -c 'echo $WHO; pwd; exit 4'")).toEqual({
      stdout: "me\n/etc\n",
      stderr: "",
      status: 4,
    });
    expect((await run("docker stop clock")).stdout).toBe("clock\n");
    await logs.waitFor("bye\r\n");
    expect(await logs.end).toEqual({ how: "exit", code: 0, signal: 0 });

    const { stdout: state } = await run("docker ps -a --filter name=clock --format '{{.Status}}'");
    expect(state).toMatch(/^Exited \(3\) /);
    expect((await run("docker start clock")).stdout).toBe("clock\n");
    expect((await run("docker rm clock")).stderr).toMatch(
      /^Error response from daemon: cannot remove container "clock": container is running: stop the container before removing or force remove\n$/,
    );
    expect(await run("docker rm -f clock")).toEqual({ stdout: "clock\n", stderr: "", status: 0 });
  });

  it("kills what takes more memory than it may, and says so", async () => {
    const hog = "docker run -m 16m --name hog busybox dd if=/dev/zero of=/dev/null bs=64M count=1";
    expect((await run(hog)).status).toBe(137);
    expect((await run("docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' hog")).stdout).toBe(
      "true 137\n",
    );
  });

  it.each([
    {
      line: "docker run nosuch",
      status: 125,
      stderr:
        "Unable to find image 'nosuch:latest' locally\n" +
        "docker: Error response from daemon: pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied\n\n" +
        "Run 'docker run --help' for more information\n",
    },
    {
      line: "docker run --rm busybox nosuch",
      status: 127,
      stderr:
        'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nosuch": executable file not found in $PATH: unknown\n\n' +
        "Run 'docker run --help' for more information\n",
    },
    {
      line: "docker run --rm busybox /etc/passwd",
      status: 126,
      stderr:
        'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/etc/passwd": permission denied: unknown\n\n' +
        "Run 'docker run --help' for more information\n",
    },
    {
      line: "docker run --bogus busybox",
      status: 125,
      stderr:
        "unknown flag: --bogus\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information\n",
    },
    {
      line: "docker run -m lots busybox",
      status: 125,
      stderr:
        "invalid argument \"lots\" for \"-m, --memory\" flag: invalid size: 'lots'\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information\n",
    },
    {
      line: "docker frobnicate",
      status: 1,
      stderr: "docker: unknown command: docker frobnicate\n\nRun 'docker --help' for more information\n",
    },
    {
      line: "docker rm nosuch",
      status: 1,
      stderr: "Error response from daemon: No such container: nosuch\n",
    },
  ])("$line ends with $status and Docker's words", async ({ line, status, stderr }) => {
    expect(await run(line)).toEqual({ stdout: "", stderr, status });
  });

  it("refuses a name that is taken", async () => {
    const { stdout } = await run("docker create --name taken busybox");
    const { stderr, status } = await run("docker run --name taken busybox");
    expect({ stderr, status }).toEqual({
      stderr:
        `docker: Error response from daemon: Conflict. The container name "/taken" is already in use by container "${stdout.trim()}". ` +
        "You have to remove (or rename) that container to be able to reuse that name.\n\nRun 'docker run --help' for more information\n",
      status: 125,
    });
  });
});
