/**
 * Volumes, `docker cp` and `docker stats` against a real engine, with Docker's own client and with ours: what outlives
 * containers, what can't be reached from inside them, and that nothing is left behind.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chown, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { type Outcome, shell } from "./shell.ts";

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`Volumes are NOT tested: ${reason}`);

const hasDocker = ((): boolean => {
  try {
    return execFileSync("docker", ["--version"], { encoding: "utf8" }).startsWith("Docker version 28.");
  } catch {
    return false;
  }
})();

const TICKS_A_SECOND = 100;
/** Fields of /proc/PID/stat (proc_pid_stat(5)), counted from the one behind the name. */
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];

/** Seconds of processor time that a process has had. */
function processorTime(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_A_SECOND;
}

async function entries(path: string): Promise<string[]> {
  return existsSync(path) ? readdir(path) : [];
}

/** Mounts, namespaces and directories of containers that an engine has now. */
async function leftoversOf(root: string): Promise<Record<string, unknown>> {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  return {
    mounts: lines.filter(line => line.includes(root)),
    containers: await entries(join(root, "data/containers")),
    volumes: await entries(join(root, "data/volumes")),
    layers: await entries(join(root, "data/image/overlay2/layerdb/mounts")),
    shims: await entries(join(root, "exec/shim")),
    namespaces: await entries(join(root, "exec/netns")),
  };
}

const NOTHING = { mounts: [], containers: [], volumes: [], layers: [], shims: [], namespaces: [] };

describe.skipIf(reason !== undefined)("storage", () => {
  let engine: EngineUnderTest;
  let directory: string;

  beforeAll(async () => {
    engine = await EngineUnderTest.start({ withClients: true });
  });

  afterAll(() => engine.stop());

  describe.each(hasDocker ? ["docker", "ours"] : ["ours"])("with %s", kind => {
    const run = (line: string): Promise<Outcome> =>
      shell(line, {
        client: kind === "ours" ? engine.clients.standalone : undefined,
        env: engine.environment,
        directory,
      });

    /** Runs a line that must end well, and returns what it prints. */
    async function output(line: string): Promise<string> {
      const { stdout, stderr, status } = await run(line);
      expect({ line, status, stderr }).toMatchObject({ status: 0 });
      return stdout.trim();
    }

    beforeEach(async () => {
      directory = join(engine.directory, "work");
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory);
      await output("docker pull -q busybox");
    });

    afterEach(async () => {
      await run("docker rm -fv $(docker ps -aq)");
      await output("docker volume prune -af");
    });

    describe("a volume", () => {
      it("outlives its containers, and is shared by them", async () => {
        await output("docker volume create data");
        await output("docker run --name one -v data:/d busybox sh -c 'echo kept > /d/file'");
        await output("docker rm -v one");
        expect(await output("docker run --rm -v data:/x:ro busybox cat /x/file")).toBe("kept");
        await output("docker run -d --name two -v data:/d busybox sleep 1000");
        const refused = await run("docker volume rm data");
        expect(refused.stderr).toMatch(/remove data: volume is in use - \[[0-9a-f]{64}\]/);
        await output("docker run --rm -v data:/x busybox sh -c 'echo seen >> /x/file'");
        expect(await output("docker exec two cat /d/file")).toBe("kept\nseen");
      });

      it("gets the image's files with their owners, modes and links", async () => {
        const list = "ls -ln /etc | tail -n +2 | grep -v 'host\\|resolv' | tr -s ' ' | cut -d' ' -f1,3,4,9-";
        const theirs = await output(`docker run --rm busybox sh -c "${list}"`);
        const copied = await output(`docker run --rm -v data:/etc busybox sh -c "${list}"`);
        expect(copied).toBe(theirs);
        expect(await output("docker run --rm -v fresh:/etc:nocopy busybox ls /etc")).toBe(
          "hostname\nhosts\nresolv.conf",
        );
      });

      it("without a name goes with its container where that is asked for", async () => {
        await output("docker run --rm -v /d busybox touch /d/x");
        expect(await output("docker volume ls -q")).toBe("");
        await output("docker run --name one -v /d busybox true; docker rm one");
        expect(await output("docker volume ls -q | wc -l")).toBe("1");
        expect(await output("docker volume prune -f | tail -1")).toMatch(/^Total reclaimed space: /);
        expect(await output("docker volume ls -q")).toBe("");
      });

      it("leaves nothing behind", async () => {
        await output("docker run --rm -v data:/d -v /anon --tmpfs /t busybox true");
        await output("docker run -d --name one -v data:/d busybox sleep 1000");
        await output("echo x > f; docker cp f one:/d/; docker cp one:/d/f g; docker export one > /dev/null");
        await output("docker diff one; docker stats --no-stream one");
        await run("docker cp one:/nope .; docker cp f one:/nope/; docker run -v data:/d busybox nonsense");
        await output("docker rm -fv $(docker ps -aq); docker volume rm data");
        expect(await leftoversOf(engine.directory)).toEqual(NOTHING);
      });
    });

    describe("mounts", () => {
      it("show the host's files, read-only down to the last where that is asked for", async () => {
        await mkdir(join(directory, "sub"));
        await output("mount -t tmpfs inner sub");
        try {
          await writeFile(join(directory, "file"), "here");
          expect(await output("docker run --rm -v $PWD:/m busybox cat /m/file")).toBe("here");
          const flat = await run("docker run --rm -v $PWD:/m:ro busybox sh -c 'touch /m/x; touch /m/sub/x'");
          expect(flat.stderr.match(/Read-only file system/g)).toHaveLength(2);
          await output("docker run --rm -v $PWD:/m busybox touch /m/new /m/sub/new");
          expect(await readdir(join(directory, "sub"))).toEqual(["new"]);
        } finally {
          await output("umount sub");
        }
      });

      it("of a tmpfs have the size and the mode that were asked for", async () => {
        const look = "stat -c %a /t; df -k /t | tail -1 | tr -s ' ' | cut -d' ' -f2";
        const options = "type=tmpfs,target=/t,tmpfs-size=2m,tmpfs-mode=1750";
        expect(await output(`docker run --rm --mount ${options} busybox sh -c "${look}"`)).toBe("1750\n2048");
        expect(await output(`docker run --rm --tmpfs /t:size=1m,mode=700 busybox sh -c "${look}"`)).toBe(
          "700\n1024",
        );
      });

      it("stay writable in a container that is not", async () => {
        const { stderr, status } = await run(
          "docker run --rm --read-only -v data:/d --tmpfs /t busybox sh -c 'touch /d/x /t/x && touch /x'",
        );
        expect({ stderr: stderr.trim(), status }).toEqual({
          stderr: "touch: /x: Read-only file system",
          status: 1,
        });
      });

      it("reach no place outside the container through its links", async () => {
        const outside = join(directory, "outside");
        await mkdir(outside);
        await output(`docker create --name one -v data:/link/in busybox true`);
        await writeFile("link.tar", "");
        await symlink(`../../../../../../..${outside}`, join(directory, "link"));
        await output("tar c link | docker cp - one:/; docker start -a one");
        expect(await readdir(outside)).toEqual([]);
        await rm("link.tar");
      });
    });

    describe("cp", () => {
      beforeEach(async () => {
        await output("docker run -d --name one -v data:/data busybox sleep 1000");
        await output(
          "mkdir -p d/e; echo 1 > d/f; echo 2 > d/e/g; ln -s f d/l; chmod 750 d/e; chmod 4755 d/f",
        );
      });

      const tree = "find . | sort | xargs stat -c '%n %a %F %Y'";

      it.each(["running", "stopped"])("brings a tree in and out again, of a %s container", async state => {
        if (state === "stopped") await output("docker stop -t 0 one");
        await output("docker cp d one:/copy; docker cp d/. one:/data; docker cp d/f one:/renamed");
        await output("docker cp one:/copy out; docker cp one:/data/. out2; docker cp one:/renamed out3");
        const original = await output(`cd d; ${tree}`);
        expect(await output(`cd out; ${tree}`)).toBe(original);
        expect(await output(`cd out2; ${tree}`)).toBe(original);
        expect(await readFile(join(directory, "out3"), "utf8")).toBe("1\n");
      });

      it("streams archives", async () => {
        await output("tar c d | docker cp - one:/data");
        expect(await output("docker cp one:/data/d - | tar t | sort")).toBe("d/\nd/e/\nd/e/g\nd/f\nd/l");
        await output(
          "head -c 3000000 /dev/urandom > big; docker cp big one:/tmp/; docker cp one:/tmp/big back",
        );
        await output("cmp big back");
      });

      it("gives files to the container's user where that is asked for", async () => {
        await chown(join(directory, "d/f"), 12, 34);
        await output(
          "docker create --name two -u 56:78 busybox; docker cp d/f two:/a; docker cp -a d/f two:/b",
        );
        const listed = await output("(docker cp two:/a -; docker cp two:/b -) | tar tvi --numeric-owner");
        expect(listed.match(/\d+\/\d+/g)).toEqual(["12/34", "56/78"]);
      });

      it("follows links only where that is asked for", async () => {
        await output("docker exec one ln -s /etc/passwd /link");
        await output("docker cp one:/link a; docker cp -L one:/link b; docker cp -L d/l one:/tmp/l");
        expect(await output("readlink a")).toBe("/etc/passwd");
        expect(await output("test -L b || head -1 b")).toMatch(/^root:/);
        expect(await output("docker exec one cat /tmp/l")).toBe("1");
      });

      it("is kept inside by links that lead out", async () => {
        const secret = join(directory, "secret");
        await writeFile(secret, "secret");
        const up = "../../../../../../../../..";
        await output(`docker exec one ln -s ${up}${directory} /dir`);
        await output(`docker exec one ln -s ${up}${secret} /file`);
        await output(`docker exec one ln -s ${directory} /data/abs`);
        for (const path of ["/dir/secret", "/data/abs/secret"])
          expect((await run(`docker cp one:${path} out`)).stderr).toContain("Could not find the file");
        await run(
          "docker cp -L one:/file out; docker cp d/f one:/file; docker cp d one:/dir; docker cp d one:/data/abs",
        );
        await run(`tar c d | docker cp - one:/dir; tar c d | docker cp - one:/data/abs`);
        expect(await readFile(secret, "utf8")).toBe("secret");
        expect((await readdir(directory)).toSorted()).toEqual(["d", "secret"]);
      });

      it("is kept inside while links change", async () => {
        await writeFile(join(directory, "secret"), "secret");
        const swap = `while :; do rm -rf /x; mkdir /x; rm -rf /x; ln -s ../../../../../../..${directory} /x; done`;
        await output(`docker exec -d one sh -c '${swap}'`);
        for (let attempt = 0; attempt < 10; attempt++) {
          await run("docker cp d/f one:/x/secret; docker cp one:/x/secret stolen");
          expect(await readFile(join(directory, "secret"), "utf8")).toBe("secret");
        }
        expect(existsSync(join(directory, "stolen"))).toBe(false);
        expect((await readdir(directory)).toSorted()).toEqual(["d", "secret"]);
      });

      it("takes no entry of an archive out of its directory", async () => {
        const evil = "import tarfile,io,sys;t=tarfile.open(fileobj=sys.stdout.buffer,mode='w|');";
        const add = "i=tarfile.TarInfo(NAME);i.size=1;t.addfile(i,io.BytesIO(b'x'));t.close()";
        for (const name of [`../../../../../../../..${directory}/evil`, `${directory}/evil`])
          await run(`python3 -c "${evil}${add.replace("NAME", `'${name}'`)}" | docker cp - one:/data`);
        expect(existsSync(join(directory, "evil"))).toBe(false);
      });
    });

    it("diff and export tell what a container has made of its image", async () => {
      await output(
        "docker run --name one -v data:/data busybox sh -c 'rm /etc/group; echo x >> /etc/passwd; mkdir /n; echo 1 > /n/f; touch /data/x'",
      );
      expect(await output("docker diff one")).toBe(
        ["A /data", "C /etc", "D /etc/group", "C /etc/passwd", "A /n", "A /n/f"].join("\n"),
      );
      const names = (await output("docker export one | tar t")).split("\n");
      expect(names).toContain("n/f");
      expect(names).not.toContain("etc/group");
      expect(names).not.toContain("data/x");
    });

    describe("stats", () => {
      it("tell the processor time that the kernel tells", async () => {
        await output("docker run -d --name one busybox sh -c 'while :; do :; done'");
        const pid = await output("docker inspect -f '{{.State.Pid}}' one");
        const before = processorTime(pid);
        const url = `http://docker/containers/one/stats?stream=false&one-shot=true`;
        const { cpu_stats: cpu } = JSON.parse(
          await output(`curl -s --unix-socket ${engine.socket} '${url}'`),
        );
        const after = processorTime(pid);
        const told = cpu.cpu_usage.total_usage / 1e9;
        expect(told).toBeGreaterThanOrEqual(before - 0.02); // the kernel counts in hundredths
        expect(told).toBeLessThanOrEqual(after + 0.02);
      });

      it("tell who is busy and who is not", async () => {
        await output("docker run -d --name busy busybox sh -c 'while :; do :; done'");
        await output("docker run -d --name idle busybox sleep 1000");
        await output("docker create --name none busybox");
        const format = "'{{.Name}} {{.CPUPerc}}'";
        const lines = (await output(`docker stats -a --no-stream --format ${format}`)).split("\n");
        const percents = new Map(
          lines.map(line => [line.split(" ")[0], Number.parseFloat(line.split(" ")[1] ?? "")]),
        );
        expect(new Set(percents.keys())).toEqual(new Set(["busy", "idle", "none"]));
        expect(percents.get("busy")).toBeGreaterThan(percents.get("idle") ?? Number.NaN);
        expect(percents.get("none")).toBe(0);
      });

      it("go on until nobody wants them any more", async () => {
        await output("docker run -d --name one busybox sleep 1000");
        const seen = await output("docker stats --format '{{.Name}}' one | grep -om3 one");
        expect(seen).toBe("one\none\none");
        await output("docker rm -f one");
        expect(await leftoversOf(engine.directory)).toMatchObject({ mounts: [], containers: [], shims: [] });
      });
    });
  });
});
