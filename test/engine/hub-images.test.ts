/** The larger images of the hub, as people use them first. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { EngineUnderTest } from "./engine-process.ts";
import { type Outcome, shell } from "./shell.ts";

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`The hub's images are NOT tried: ${reason}`);

const TRIES = 100;

describe.skipIf(reason !== undefined)("the hub's images", () => {
  let engine: EngineUnderTest;

  beforeAll(async () => {
    engine = await EngineUnderTest.start({ withClients: true });
  });

  afterAll(async () => {
    await run("docker ps -aq | xargs -r docker rm -f");
    await engine.stop();
  });

  const run = (line: string): Promise<Outcome> =>
    shell(line, { client: engine.clients.hosted, env: engine.environment });

  it("run Debian's own programs in debian", async () => {
    const { stdout, status } = await run(
      "docker run --rm debian sh -c '. /etc/os-release; echo $ID $VERSION_ID'",
    );
    expect({ stdout, status }).toEqual({ stdout: "debian 12\n", status: 0 });
  });

  it("have databases of packages that are in order", async () => {
    for (const image of ["debian", "nginx"]) {
      expect(
        await run(`docker run --rm ${image} sh -c 'dpkg --audit && apt-get -qq check' 2>&1`),
      ).toMatchObject({
        stdout: expect.stringMatching(/^(Unable to find image[^]*Status: .*\n)?$/),
        status: 0,
      });
    }
  });

  it("say why apt-get update gets nothing where there is no network", async () => {
    const { stdout } = await run("docker run --rm debian apt-get update 2>&1");
    expect(stdout).toMatch(/^W: Failed to fetch \S+ .* resolving '[a-z.]+'$/m);
    expect(stdout).toMatch(/^W: Some index files failed to download\./m);
  });

  it("share the layers that they share", async () => {
    const { stdout } = await run("docker rmi -f nginx > /dev/null; docker pull nginx");
    const lines = stdout.split("\n");
    expect(lines.filter(line => line.endsWith(": Already exists"))).toHaveLength(1);
    expect(lines.filter(line => line.endsWith(": Pull complete"))).toHaveLength(3);
  });

  it("serve a page with nginx, log to the container's output and stop in good order", async () => {
    expect((await run("docker run -d --name web nginx")).status).toBe(0);
    const inside = "nsenter -n -t $(docker inspect -f '{{.State.Pid}}' web)";
    const page = await run(
      `${inside} ip link set lo up; ${inside} curl -sS --retry ${TRIES} --retry-delay 0 --retry-connrefused http://127.0.0.1/`,
    );
    expect(page.stdout).toContain("<title>Welcome to nginx!</title>");
    await run(`${inside} curl -sS http://127.0.0.1/nosuch`);

    const { stdout, stderr } = await run("docker stop web > /dev/null; docker logs web");
    expect(stdout).toMatch(/^127\.0\.0\.1 - - \[.*\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "curl/m);
    expect(stderr).toMatch(
      /\[notice\] 1#1: nginx\/[^]*\[error\] [^]*\/nosuch" failed[^]*\[notice\] 1#1: exit\n$/,
    );
    expect((await run("docker inspect -f '{{.State.ExitCode}}' web")).stdout).toBe("0\n");
  });
});
