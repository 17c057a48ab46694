import { beforeEach, describe, expect, it } from "vitest";
import type { ContainerSummary } from "../../../engine/api/container.ts";
import { LinkError } from "../../protocol/link-error.ts";
import { rowOf } from "./container-row.ts";
import { Containers } from "./containers.ts";
import { EngineClient } from "./engine-client.ts";
import { type FakeConnection, FakeDaemon } from "./fake-daemon.ts";

function summary(fields: Partial<ContainerSummary>): ContainerSummary {
  return {
    Id: "1234567890abcdef",
    Names: ["/web"],
    Image: "nginx",
    ImageID: "sha256:1",
    Command: "nginx",
    Created: 0,
    Ports: [],
    Labels: {},
    State: "running",
    Status: "Up 2 minutes",
    HostConfig: { NetworkMode: "default" },
    NetworkSettings: { Networks: {} },
    Mounts: [],
    ...fields,
  };
}

describe("a container's row", () => {
  it("tells how a container has ended", () => {
    const row = rowOf(summary({ State: "exited", Status: "Exited (137) 3 seconds ago" }));
    expect(row).toMatchObject({ name: "web", image: "nginx", status: "exited", exitCode: 137 });
  });

  it("has each published port once, whatever the address", () => {
    const Ports = [
      { PrivatePort: 443, Type: "tcp" },
      { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { IP: "0.0.0.0", PrivatePort: 53, PublicPort: 5353, Type: "udp" },
    ];
    expect(rowOf(summary({ Ports })).ports).toEqual([
      { port: 5353, containerPort: 53, protocol: "udp" },
      { port: 8080, containerPort: 80, protocol: "tcp" },
    ]);
  });

  it("is not called by a link of another container's", () => {
    expect(rowOf(summary({ Names: ["/other/alias", "/web"] })).name).toBe("web");
    expect(rowOf(summary({ Names: [] })).name).toBe("1234567890ab");
  });
});

const STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const EVENT = "3\r\n{}\n\r\n";

/** Lets everything run that waits for nothing. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

describe("the containers", () => {
  let daemon: FakeDaemon;
  let containers: Containers;
  let end: AbortController;
  /** Milliseconds that somebody waits for, and what ends the wait. */
  let pauses: { milliseconds: number; over: () => void }[];

  beforeEach(() => {
    daemon = new FakeDaemon();
    end = new AbortController();
    pauses = [];
    containers = new Containers(
      (milliseconds, signal) =>
        new Promise((over, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          pauses.push({ milliseconds, over });
        }),
    );
  });

  const follow = (): Promise<void> => containers.follow(new EngineClient(daemon), end.signal);
  const last = (): FakeConnection => {
    const connection = daemon.connections.at(-1);
    if (connection === undefined) throw new Error("nobody has called");
    return connection;
  };
  const names = (): string[] => containers.rows.value.map(({ name }) => name);
  /** Ends every wait that there is. */
  const passTime = async (): Promise<void> => {
    for (const { over } of pauses.splice(0)) over();
    await settle();
  };
  const answerList = async (...summaries: readonly ContainerSummary[]): Promise<void> => {
    expect(last().request).toContain("GET /v1.50/containers/json?all=1 ");
    last().answer(200, summaries);
    await settle();
  };
  /** A daemon that has told its list, and goes on telling events on the returned connection. */
  const comeUp = async (...summaries: readonly ContainerSummary[]): Promise<FakeConnection> => {
    const events = last();
    expect(events.request).toContain("GET /v1.50/events?filters=");
    events.say(STREAM);
    await settle();
    await answerList(...summaries);
    return events;
  };

  it("are listed when the daemon tells events, not before", async () => {
    void follow();
    await settle();
    expect(daemon.connections).toHaveLength(1);
    expect(containers.state.value).toBe("connecting");
    await comeUp(summary({}));
    expect(containers.state.value).toBe("live");
    expect(names()).toEqual(["web"]);
  });

  it("are listed again at an event, once for a burst, and never without one", async () => {
    void follow();
    const events = await comeUp();
    await passTime();
    expect(daemon.connections).toHaveLength(2);
    events.say(EVENT);
    await settle();
    events.say(EVENT, EVENT);
    await answerList(summary({ Names: ["/a"] }));
    expect(names()).toEqual(["a"]);
    expect(daemon.connections).toHaveLength(3);
    await passTime();
    await answerList(summary({ Names: ["/b"] }));
    expect(names()).toEqual(["b"]);
    await passTime();
    await passTime();
    expect(daemon.connections).toHaveLength(4);
  });

  it("stay as they were while the daemon is away, and are listed anew when it is back", async () => {
    void follow();
    const events = await comeUp(summary({ Names: ["/a"] }));
    await passTime();
    daemon.up = false;
    events.break(new LinkError("ECONNRESET", "gone"));
    await settle();
    expect(containers.state.value).toBe("lost");
    expect(names()).toEqual(["a"]);
    const waits: (number | undefined)[] = [];
    for (let count = 0; count < 6; count++) {
      waits.push(pauses[0]?.milliseconds);
      await passTime();
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 6400, 6400]);
    daemon.up = true;
    await passTime();
    await comeUp(summary({ Names: ["/b"] }));
    expect(containers.state.value).toBe("live");
    expect(names()).toEqual(["b"]);
  });

  it("follow another machine's daemon when there is one", async () => {
    const first = follow();
    await comeUp(summary({ Names: ["/a"] }));
    end.abort();
    await first;
    end = new AbortController();
    void follow();
    expect(containers.rows.value).toEqual([]);
    await comeUp(summary({ Names: ["/b"] }));
    expect(names()).toEqual(["b"]);
  });

  it.each([
    ["start", "POST /v1.50/containers/x/start "],
    ["stop", "POST /v1.50/containers/x/stop "],
    ["unpause", "POST /v1.50/containers/x/unpause "],
    ["remove", "DELETE /v1.50/containers/x?force=1 "],
  ] as const)("can be told to %s, one thing at a time", async (action, request) => {
    void follow();
    await comeUp();
    const done = containers.act("x", action);
    expect(last().request).toContain(request);
    expect(containers.busy.value.get("x")).toBe(action);
    await containers.act("x", "start");
    expect(daemon.connections).toHaveLength(3);
    last().answer(204);
    await done;
    expect(containers.busy.value.size).toBe(0);
  });

  it("pass on what the daemon has against it", async () => {
    void follow();
    await comeUp();
    const done = containers.act("x", "start");
    last().answer(409, { message: "it is being removed" });
    await expect(done).rejects.toThrow("it is being removed");
    expect(containers.busy.value.size).toBe(0);
  });
});
