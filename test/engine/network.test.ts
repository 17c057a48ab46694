/** Docker's own client against our engine: containers that talk to each other, to the host and to the world. */
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { whyNoDocker, whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { assertNothingLeaks, type Holdings, holdings } from "./holdings.ts";
import { type Outcome, shell } from "./shell.ts";

const START_TIMEOUT_MS = 60_000;
const CLEAN_UP = "docker ps -aq | xargs -r docker rm -f; docker network prune -f";
/** Serves a page that says who it is. */
const SERVE = "sh -c 'mkdir /www; echo hello from $HOSTNAME > /www/index.html; exec httpd -f -h /www -p 80'";
const SLEEP = "sh -c 'trap exit TERM; sleep 100000 & wait'";

const reason = whyNoEngine() ?? whyNoDocker();
if (reason !== undefined) console.warn(`Networks are NOT tried with Docker's client: ${reason}`);

describe.skipIf(reason !== undefined)("networks", () => {
  let engine: EngineUnderTest;
  let before: Holdings;
  let world: Server;

  const docker = (line: string): Promise<Outcome> =>
    shell(line, { env: engine.environment, directory: engine.directory });

  /** Runs a line that must go well; what it has printed. */
  const output = async (line: string): Promise<string> => {
    const { status, stdout, stderr } = await docker(line);
    expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: "" });
    return stdout.trim();
  };

  /** The same on the engine's host. */
  const onHost = (line: string): Promise<string> => output(`${engine.network.entry.join(" ")} ${line}`);

  /** Fetches a page as soon as somebody serves it. */
  const fetched = (url: string): Promise<string> =>
    onHost(`curl -sS --retry 20 --retry-delay 1 --retry-all-errors -m 20 ${url}`);

  const addressOf = (name: string, network = "bridge"): Promise<string> =>
    output(`docker inspect -f '{{(index .NetworkSettings.Networks "${network}").IPAddress}}' ${name}`);

  beforeAll(async () => {
    engine = await EngineUnderTest.start();
    await mkdir(join(engine.directory, "client"));
    await output("docker pull -q busybox");
    world = createServer((_, response) => response.end("the world\n"));
    await new Promise<void>(resolve => world.listen(8000, engine.network.hostAddress, resolve));
    before = holdings(engine);
  }, START_TIMEOUT_MS);

  afterEach(async () => {
    await docker(CLEAN_UP);
    await assertNothingLeaks(engine, before);
  });

  afterAll(async () => {
    world.close();
    await engine.stop();
  });

  describe("the default one", () => {
    it("connects containers with each other, the host and the world", async () => {
      await output(`docker run -d --name other -h other busybox ${SERVE}`);
      const other = await addressOf("other");
      expect(other).toBe("172.17.0.2");
      const { hostAddress } = engine.network;
      const text = await output(
        `docker run --rm busybox sh -c 'ping -qc1 -W5 ${other} && ping -qc1 -W5 172.17.0.1 && ` +
          `wget -qO- http://${hostAddress}:8000 && ip route && cat /etc/hosts'`,
      );
      expect(text.match(/1 packets received/g)).toHaveLength(2);
      expect(text).toContain("the world");
      expect(text).toContain("default via 172.17.0.1 dev eth0");
      expect(text).toMatch(/^172\.17\.0\.3\t[0-9a-f]{12}$/m);
    });

    it("tells the host's rules as Docker does", async () => {
      await output(`docker run -d --name web -p 8080:80 busybox ${SLEEP}`);
      const nat = await onHost("iptables -t nat -nL");
      const squeezed = nat.replace(/ +/g, " ").replace(/\b(tcp|udp|all|[0-9]+) -- /g, "-- ");
      expect(squeezed).toContain(
        "Chain DOCKER (2 references)\ntarget prot opt source destination \n" +
          "RETURN -- 0.0.0.0/0 0.0.0.0/0 \n" +
          "DNAT -- 0.0.0.0/0 0.0.0.0/0 tcp dpt:8080 to:172.17.0.2:80",
      );
      expect(squeezed).toContain("MASQUERADE -- 172.17.0.0/16 0.0.0.0/0");
    });
  });

  describe("published ports", () => {
    it("are reached on localhost, from outside and from other containers", async () => {
      await output(`docker run -d -h web --name web -p 8080:80 busybox ${SERVE}`);
      for (const place of ["127.0.0.1", "[::1]", engine.network.address, "172.17.0.1"])
        expect(await fetched(`http://${place}:8080`)).toBe("hello from web");
      const { address } = engine.network;
      expect(await output(`curl -sS -m 10 http://${address}:8080`)).toBe("hello from web");
      expect(await output(`docker run --rm busybox wget -T 10 -qO- http://${address}:8080`)).toBe(
        "hello from web",
      );
      expect(await output("docker port web")).toBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
      expect(await output("docker ps --format '{{.Ports}}'")).toBe("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp");
    });

    it("of udp carry datagrams both ways", async () => {
      await output("docker run -d --name echo -p 127.0.0.1:7007:7/udp busybox nc -u -l -p 7 -e cat");
      const answer = await onHost("bash -c 'exec 3<>/dev/udp/127.0.0.1/7007; echo ping >&3; head -1 <&3'");
      expect(answer).toBe("ping");
    });

    it("are refused where they are taken, and nothing is left of the container's network", async () => {
      await output(`docker run -d --name web -p 8080:80 busybox ${SLEEP}`);
      const { status, stderr } = await docker("docker run --rm --name second -p 8080:80 busybox true");
      expect(status).toBe(125);
      expect(stderr).toMatch(
        /^docker: Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint second \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8080 failed: port is already allocated\n/,
      );
    });

    it("are chosen where none is given, and given back", async () => {
      await output(`docker run -d --name web -P --expose 80 busybox ${SLEEP}`);
      const port = /0\.0\.0\.0:(\d+)/.exec(await output("docker port web 80"))?.[1] ?? "none";
      await output("docker rm -f web");
      await output(`docker run -d --name web -p ${port}:80 busybox ${SLEEP}`);
    });
  });

  describe("others", () => {
    it("know their containers by name and alias", async () => {
      await output("docker network create --subnet 10.77.0.0/24 net");
      await output(`docker run -d --name db --network net --network-alias sql busybox ${SLEEP}`);
      const text = await output(
        "docker run --rm --network net --ip 10.77.0.99 busybox sh -c " +
          "'ping -qc1 -W5 db && ping -qc1 -W5 sql && nslookup db.net && ip -4 -o addr show eth0'",
      );
      expect(text.match(/1 packets received/g)).toHaveLength(2);
      expect(text).toContain("Address: 10.77.0.2");
      expect(text).toContain("inet 10.77.0.99/24");
    });

    it("are kept apart", async () => {
      await output("docker network create --subnet 10.77.0.0/24 net");
      await output(`docker run -d --name db --network net busybox ${SLEEP}`);
      const { status } = await docker("docker run --rm busybox ping -qc1 -W1 10.77.0.2");
      expect(status).toBe(1);
    });

    it("without a way out keep their containers in", async () => {
      await output("docker network create --internal net");
      await output(`docker run -d --name db --network net busybox ${SLEEP}`);
      await output("docker run --rm --network net busybox ping -qc1 -W5 db");
      const { hostAddress } = engine.network;
      const { status } = await docker(`docker run --rm --network net busybox ping -qc1 -W1 ${hostAddress}`);
      expect(status).not.toBe(0);
    });

    it("can be joined and left while a container runs", async () => {
      await output("docker network create net");
      await output(`docker run -d --name web -h web -p 8080:80 busybox ${SERVE}`);
      await output("docker network connect --alias www net web");
      await output("docker run --rm --network net busybox ping -qc1 -W5 www");
      await output("docker network disconnect bridge web");
      expect(await fetched("http://127.0.0.1:8080")).toBe("hello from web");
      expect(await output("docker exec web ip route")).toMatch(/^default via 172\.1\d\.0\.1 dev eth1/);
      const { stderr } = await docker("docker network rm net");
      expect(stderr).toMatch(/network net has active endpoints \(name:"web" id:"[0-9a-f]{12}"\)/);
    });

    it("may be another container's, or the host's own", async () => {
      await output(`docker run -d --name web -h web busybox ${SERVE}`);
      const page = "until wget -qO- http://127.0.0.1; do sleep 0.1; done";
      expect(await output(`docker run --rm --network container:web busybox sh -c '${page}'`)).toBe(
        "hello from web",
      );
      expect(await output("docker run --rm --network host busybox ip link show docker0")).toContain(
        "docker0",
      );
    });
  });

  describe("a daemon that comes back", () => {
    it.each(["SIGTERM", "SIGKILL"] as const)("after %s goes on where it was", async signal => {
      await output("docker network create net");
      await output(`docker run -d --name web -h web -p 8080:80 busybox ${SERVE}`);
      await output(`docker run -d --name db --network net busybox ${SLEEP}`);
      await output("docker network connect net web");
      await fetched("http://127.0.0.1:8080");
      const running = { ...holdings(engine), files: [], processes: [] };
      await engine.stopDaemon(signal);
      await engine.startDaemon();
      const { rules, ...others } = { ...holdings(engine), files: [], processes: [] };
      expect({ ...others, rules: rules.toSorted() }).toEqual({ ...running, rules: running.rules.toSorted() });
      expect(await fetched("http://127.0.0.1:8080")).toBe("hello from web");
      await output("docker exec web ping -qc1 -W5 db");
      await output(`docker run -d --name next busybox ${SLEEP}`);
      expect(await addressOf("next")).toBe("172.17.0.3");
      expect((await docker("docker run --rm -p 8080:80 busybox true")).stderr).toContain("already allocated");
    });

    it("clears away what has ended meanwhile", async () => {
      await output(`docker run -d --name web -p 8080:80 busybox ${SLEEP}`);
      const pid = await output("docker inspect -f '{{.State.Pid}}' web");
      await engine.stopDaemon("SIGKILL");
      process.kill(Number(pid), "SIGKILL");
      await engine.startDaemon();
      expect(await output("docker inspect -f '{{.State.Status}} {{.NetworkSettings.IPAddress}}.' web")).toBe(
        "exited .",
      );
      await output("docker start web");
      expect(await addressOf("web")).toBe("172.17.0.2");
    });
  });
});
