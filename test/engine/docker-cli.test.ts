/** Docker's own client against our engine: what a user's first day with containers needs. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { whyNoDocker, whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { bundleProgram } from "../native/jsrun.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { assertNothingLeaks, type Holdings, holdings } from "./holdings.ts";
import { type Outcome, shell } from "./shell.ts";
import { Terminal } from "./terminal.ts";

const START_TIMEOUT_MS = 60_000;
const ID = /^[0-9a-f]{64}\n$/;
const REMOVE_ALL = "docker ps -aq | xargs -r docker rm -f";

const reason = whyNoEngine() ?? whyNoDocker();
if (reason !== undefined) console.warn(`Docker's client is NOT tried with the engine: ${reason}`);

describe.skipIf(reason !== undefined)("with Docker's client", () => {
  let engine: EngineUnderTest;
  let before: Holdings;
  let ptyHost: string;
  let env: Readonly<Record<string, string>>;

  const docker = (line: string, stdin?: string): Promise<Outcome> =>
    shell(line, { env, directory: engine.directory, ...(stdin === undefined ? {} : { stdin }) });

  const terminal = (line: string): Terminal => new Terminal(ptyHost, line, { env, rows: 30, columns: 91 });

  /** Runs a line that must go well; what it has printed. */
  const output = async (line: string, stdin?: string): Promise<string> => {
    const { status, stdout, stderr } = await docker(line, stdin);
    expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: "" });
    return stdout;
  };

  beforeAll(async () => {
    engine = await EngineUnderTest.start();
    ({ environment: env } = engine);
    ptyHost = await bundleProgram("pty-host", engine.directory);
    await mkdir(join(engine.directory, "client"));
    await output("docker pull -q busybox");
    before = holdings(engine);
  }, START_TIMEOUT_MS);

  afterEach(async () => {
    await docker(REMOVE_ALL);
    await assertNothingLeaks(engine, before);
  });

  afterAll(async () => {
    await engine.stop();
  });

  describe("about the engine", () => {
    it("version tells both sides", async () => {
      const text = await output("docker version");
      expect(text).toMatch(
        /^Client:[\s\S]*\n\nServer:[\s\S]*API version: {6}1\.50 \(minimum version 1\.24\)/,
      );
    });

    it("info tells what it runs on", async () => {
      const fields = "{{.Driver}} {{.Images}} {{.OSType}} {{.DockerRootDir}}";
      expect(await output(`docker info -f '${fields}'`)).toBe(`overlay2 1 linux ${engine.dataRoot}\n`);
    });
  });

  describe("run", () => {
    it("shows what the container prints, each stream apart, and ends as it ends", async () => {
      const outcome = await docker("docker run --rm busybox sh -c 'echo out; echo err >&2; exit 7'");
      expect(outcome).toEqual({ stdout: "out\n", stderr: "err\n", status: 7 });
    });

    it("passes stdin on", async () => {
      expect(await output("docker run --rm -i busybox sort", "b\na\n")).toBe("a\nb\n");
    });

    it("keeps the container from what could harm the machine", async () => {
      const script =
        "grep Seccomp: /proc/self/status; unshare -n true; mount -t tmpfs x /mnt; echo x > /proc/sys/kernel/hostname";
      const { stdout, stderr } = await docker(`docker run --rm busybox sh -c '${script}'`);
      expect(stdout).toBe("Seccomp:\t2\n");
      expect(stderr).toMatch(
        /unshare.*not permitted\n.*mount.*(denied|not permitted).*\n.*hostname.*Read-only/,
      );
    });

    it("-d prints the id, and the container goes on", async () => {
      expect(await output("docker run -d --name web busybox sleep 1000")).toMatch(ID);
      expect(await output("docker ps --format '{{.Names}} {{.State}}'")).toBe("web running\n");
    });

    it("pulls an image that is missing", async () => {
      const { status, stdout, stderr } = await docker("docker run --rm hello-world");
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: expect.stringContaining("Hello from Docker!"),
      });
      expect(stderr).toContain("Unable to find image 'hello-world:latest' locally");
      expect(stderr).toContain("Status: Downloaded newer image for hello-world:latest");
      await output("docker rmi hello-world");
    });

    it.each([
      [125, "nonsense-image", "pull access denied for nonsense-image, repository does not exist"],
      [125, "--name taken busybox", 'The container name "/taken" is already in use by container'],
      [127, "busybox nonexistent", 'exec: "nonexistent": executable file not found in $PATH'],
      [126, "busybox /etc/passwd", 'exec: "/etc/passwd": permission denied'],
      [126, "busybox /etc", 'exec: "/etc": is a directory'],
    ])("ends with %i for %s", async (status, words, message) => {
      await output("docker create --name taken busybox");
      const outcome = await docker(`docker run ${words}`);
      expect(outcome).toMatchObject({ status, stdout: "", stderr: expect.stringContaining(message) });
    });
  });

  describe("on a terminal", () => {
    it("a container's shell has job control, Ctrl-C, and our size", async () => {
      const screen = terminal("docker run --rm -it --name web busybox sh");
      await screen.shows("/ # ");
      await screen.enter("stty size", "30 91");
      await screen.shows("/ # ");
      screen.resize(40, 100);
      await screen.enter("sleep 0.2; stty size", "40 100");
      await screen.shows("/ # ");
      await screen.enter("sleep 1000 & jobs; echo job''s", "[1]+  Running");
      await screen.shows("jobs\r\n");
      await screen.enter("sh -c \"echo be''gun; exec sleep 1000\"", "begun");
      screen.type("\u0003");
      await screen.shows("/ # ");
      await screen.enter("echo status $?", "status 130");
      screen.type("exit 5\r");
      expect(await screen.ended).toBe(5);
    });

    it("Ctrl-P Ctrl-Q leaves it, and attach comes back", async () => {
      const first = terminal("docker run -it --name web busybox sh");
      await first.shows("/ # ");
      await first.enter("A=kept; echo s''et", "set");
      first.type("\u0010\u0011");
      await first.ended;
      expect(await output("docker inspect -f '{{.State.Status}}' web")).toBe("running\n");
      const second = terminal("docker attach web");
      await second.enter("echo $A", "kept");
      second.type("\u0004");
      expect(await second.ended).toBe(0);
    });

    it("exec opens a shell beside the first process", async () => {
      await output("docker run -d --name web busybox sleep 1000");
      const screen = terminal("docker exec -it web sh");
      await screen.shows("/ # ");
      await screen.enter("ps | grep -c 'sleep 100''0$'", "\n1\r");
      screen.type("exit 3\r");
      expect(await screen.ended).toBe(3);
    });

    it("Ctrl-Z stops the shell's job, not the client", async () => {
      const screen = terminal("docker run --rm -it busybox sh");
      await screen.shows("/ # ");
      await screen.enter("sh -c \"echo be''gun; exec sleep 1000\"", "begun");
      screen.type("\u001a");
      await screen.shows("Stopped");
      await screen.shows("/ # ");
      await screen.enter("fg", "exec sleep 1000");
      screen.type("\u0003");
      await screen.shows("/ # ");
      screen.type("exit\r");
      await screen.ended;
    });
  });

  describe("a container that runs", () => {
    it("is followed by logs -f to its end", async () => {
      await output("docker run -d --name web busybox sh -c 'echo one; sleep 0.3; echo two; exit 4'");
      expect(await output("docker logs -f web")).toBe("one\ntwo\n");
      expect(await output("docker wait web")).toBe("4\n");
      expect(await output("docker logs --tail 1 web")).toBe("two\n");
    });

    it("takes an exec with its own status", async () => {
      await output("docker run -d --name web busybox sleep 1000");
      expect(await docker("docker exec -e A=b web sh -c 'echo $A; exit 9'")).toMatchObject({
        stdout: "b\n",
        status: 9,
      });
    });

    it("is stopped, started again and killed", async () => {
      await output(
        "docker run -d --name web busybox sh -c 'trap \"exit 3\" TERM; while :; do sleep 0.1; done'",
      );
      await output("docker stop web");
      expect(await output("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' web")).toBe(
        "exited 3\n",
      );
      await output("docker start web");
      await output("docker kill web");
      expect(await output("docker wait web")).toBe("137\n");
    });

    it("can't be removed without force", async () => {
      await output("docker run -d --name web busybox sleep 1000");
      const outcome = await docker("docker rm web");
      expect(outcome).toMatchObject({ status: 1, stdout: "" });
      expect(outcome.stderr).toMatch(/cannot remove container "web": container is running/);
      expect(await output("docker rm -f web")).toBe("web\n");
    });

    it("makes the events of its life", async () => {
      const since = (await output("date +%s.%N")).trim();
      await output("docker run --rm --name web busybox sh -c 'exit 2' || true");
      await expect
        .poll(() => output(`docker events --since ${since} --until 0s --format '{{.Action}}'`))
        .toBe("create\nattach\nstart\ndie\ndestroy\n");
    });
  });

  describe("when the daemon is killed", () => {
    it("containers go on, and the next daemon adopts them", async () => {
      await output("docker run -d --name web busybox sh -c 'while :; do echo tick; sleep 0.1; done'");
      const pid = await output("docker inspect -f '{{.State.Pid}}' web");
      await engine.stopDaemon("SIGKILL");
      process.kill(Number(pid), 0);
      await engine.startDaemon();
      expect(await output("docker inspect -f '{{.State.Status}} {{.State.Pid}}' web")).toBe(`running ${pid}`);
      expect(await output("docker exec web echo here")).toBe("here\n");
      await output("docker stop -t 0 web");
      expect(await output("docker wait web")).toBe("137\n");
    });

    it("the exit codes of those that end meanwhile are not lost", async () => {
      await output("docker run -d --name ending busybox sh -c 'sleep 0.3; echo last; exit 42'");
      await output("docker run -d --rm --name removed busybox sleep 0.3");
      const pids = (await output("docker inspect -f '{{.State.Pid}}' ending removed")).trim().split("\n");
      await engine.stopDaemon("SIGKILL");
      for (const pid of pids) await expect.poll(() => isAlive(Number(pid))).toBe(false);
      await engine.startDaemon();
      expect(await output("docker ps -a --format '{{.Names}}'")).toBe("ending\n");
      expect(await output("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' ending")).toBe(
        "exited 42\n",
      );
      expect(await output("docker logs ending")).toBe("last\n");
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
