import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Guest, startGuest, withGuest } from "../../scripts/lib/guest.ts";
import { BytePipe } from "../../web/protocol/byte-pipe.ts";
import { LinkError } from "../../web/protocol/link-error.ts";
import type { GuestOpen } from "../../web/protocol/open-request.ts";
import type { GuestStream } from "../../web/protocol/stream.ts";
import { decodeText, encodeText } from "../../web/protocol/text.ts";
import { WINDOW_TO_PAGE } from "../../web/protocol/wire.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

const MIB = 1024 * 1024;
const SHELL = ["bash", "--norc", "-i"] as const;
/** Cannot be mistaken for the echo of a typed line. */
const PROMPT = { PS1: "<\\!>$ ", HISTFILE: "/dev/null", TERM: "dumb" };
const AT_PROMPT = /<\d+>\$ $/;
const CANCELLED = new LinkError("ECANCELED", "the test is over");

let guest: Guest;

beforeAll(async () => {
  guest = await startGuest(testMachine());
}, GUEST_TIMEOUT);

afterAll(async () => {
  await guest.machine.destroy();
});

/** Bytes without a pattern that a lost or doubled chunk would leave intact. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("processes on pipes", { timeout: GUEST_TIMEOUT }, () => {
  it("keep stdout and stderr apart and tell the exit code", async () => {
    const result = await guest.exec("echo out; echo err >&2; exit 7");
    expect(result).toEqual({ stdout: "out\n", stderr: "err\n", status: 7 });
  });

  it("tell the signal that killed them", async () => {
    expect((await guest.exec(["sh", "-c", "kill -SEGV $$"])).status).toBe(128 + 11);
  });

  it("read stdin to its end", async () => {
    expect((await guest.exec(["cat"], { stdin: "from the page\n" })).stdout).toBe("from the page\n");
  });

  it("have the agent's environment, ours over it, and the directory asked for", async () => {
    const script = 'echo "$HOME $USER $GREETING $PATH"; pwd';
    const env = { GREETING: "hello", USER: "someone" };
    expect(await guest.output(["sh", "-c", script], { env, cwd: "/dev" })).toBe(
      "/root someone hello /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n/dev\n",
    );
    expect(await guest.output(["pwd"], { cwd: "/nowhere" })).toBe("/\n");
  });

  it("lead a session of their own and have no signals blocked or ignored", async () => {
    const status = await guest.output(["grep", "-E", "^(Sig(Blk|Ign)|NSsid)", "/proc/self/status"]);
    expect(status).toMatch(/SigBlk:\s0{16}\n/);
    expect(status).toMatch(/SigIgn:\s0{16}\n/);
    const [pid, , , , , session] = (await guest.output(["cat", "/proc/self/stat"])).split(" ");
    expect(session).toBe(pid);
  });

  it("are refused with the reason", async () => {
    await expect(guest.exec(["/no/such/program"])).rejects.toMatchObject({ code: "ENOENT" });
    await expect(guest.exec(["/dev"])).rejects.toMatchObject({ code: "EACCES" });
  });

  it("end with their first process, with all that was written before", async () => {
    const script = "(echo early; exec sleep 1000) & while ! pidof sleep > /dev/null; do :; done; echo late";
    const { stdout } = await guest.exec(["sh", "-c", script]);
    expect(stdout.split("\n").toSorted()).toEqual(["", "early", "late"]);
    expect((await guest.exec(["pidof", "sleep"])).status).toBe(0);
    await guest.output(["killall", "sleep"]);
  });

  it("get signals as a group, and a hang-up when the page lets go", async () => {
    const signalled = guest.spawn([
      "sh",
      "-c",
      "trap 'echo got it; exit 4' USR1; echo ready; while :; do :; done",
    ]);
    await signalled.read();
    signalled.stream.signal(10);
    expect(decodeText((await signalled.read())?.bytes ?? new Uint8Array())).toBe("got it\n");
    expect(await signalled.stream.closed).toEqual({ how: "exit", code: 4, signal: 0 });
    const dropped = guest.spawn(["sleep", "1234"]);
    const pid = await dropped.stream.opened;
    dropped.stream.reset(CANCELLED);
    expect((await guest.exec(`while [ -e /proc/${pid} ]; do :; done`)).status).toBe(0);
  });
});

describe("terminals", { timeout: GUEST_TIMEOUT }, () => {
  it("echo, run commands and end with the shell", async () => {
    const terminal = guest.terminal({ argv: SHELL, env: PROMPT });
    await terminal.waitFor(AT_PROMPT);
    terminal.send("echo $((6 * 7))\r");
    expect(await terminal.waitFor(AT_PROMPT)).toContain("echo $((6 * 7))\r\n42\r\n");
    terminal.send("exit 3\r");
    expect(await terminal.end).toEqual({ how: "exit", code: 3, signal: 0 });
  });

  it("have the size asked for and follow changes", async () => {
    const terminal = guest.terminal({ argv: SHELL, env: PROMPT, rows: 31, columns: 99 });
    await terminal.waitFor(AT_PROMPT);
    terminal.send("stty size; (trap 'stty size; exit' WINCH; echo set; while :; do :; done)\r");
    await terminal.waitFor("31 99\r\nset\r\n");
    terminal.stream.resize(50, 160);
    await terminal.waitFor("50 160\r\n");
    terminal.close();
  });

  /** What is typed before the job is in the foreground, the shell gets. */
  const UNTIL_SLEEPING =
    "until cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q 'sleep[ ]3131'; do :; done 2> /dev/null";

  it("interrupt and suspend the foreground job", async () => {
    const terminal = guest.terminal({ argv: SHELL, env: PROMPT });
    await terminal.waitFor(AT_PROMPT);
    terminal.send("sleep 3131\r");
    await guest.output(UNTIL_SLEEPING);
    terminal.send("\x03");
    await terminal.waitFor(AT_PROMPT);
    terminal.send("echo status $?\r");
    await terminal.waitFor("status 130\r\n");
    await terminal.waitFor(AT_PROMPT);
    terminal.send("sleep 3131\r");
    await guest.output(UNTIL_SLEEPING);
    terminal.send("\x1a");
    await terminal.waitFor(/Stopped/);
    await terminal.waitFor(AT_PROMPT);
    terminal.send("kill %1; fg; echo resumed\r");
    await terminal.waitFor(/resumed\r\n/);
    terminal.close();
  });

  it("end their input with the terminal's end-of-file character", async () => {
    const lines = "0123456789\n".repeat(5000);
    const terminal = guest.terminal({
      argv: ["sh", "-c", "stty -echo; echo ready; until [ -e /tmp/go ]; do :; done; wc -c"],
    });
    await terminal.waitFor("ready\r\n");
    terminal.send(lines);
    terminal.stream.end();
    // By now the agent has more than the terminal takes.
    await guest.output(["touch", "/tmp/go"]);
    await terminal.waitFor(`${lines.length}\r\n`);
    expect(await terminal.end).toEqual({ how: "exit", code: 0, signal: 0 });
  });

  it("hang up their session when the page closes them", async () => {
    const terminal = guest.terminal({ argv: ["bash", "--norc", "-c", "sleep 4321 & echo $!; wait"] });
    const pid = Number((await terminal.waitFor(/\d+\r\n/)).trim());
    expect(pid).toBeGreaterThan(1);
    terminal.close();
    expect((await guest.exec(`while [ -e /proc/${pid} ]; do :; done`)).status).toBe(0);
  });

  it("end with their shell even when a child keeps them open", async () => {
    const terminal = guest.terminal({
      argv: ["bash", "--norc", "-c", "trap '' HUP; sleep 555 & echo last words; exit 5"],
    });
    await terminal.waitFor("last words\r\n");
    expect(await terminal.end).toEqual({ how: "exit", code: 5, signal: 0 });
    await guest.output(["killall", "sleep"]);
  });
});

describe("flow control", { timeout: GUEST_TIMEOUT }, () => {
  it("carries 8 MiB each way intact", async () => {
    const bytes = noise(8 * MIB);
    const pipe = guest.spawn(["sh", "-c", "tee /dev/shm/noise | sha256sum"]);
    for (let offset = 0; offset < bytes.length; offset += 100_000) {
      await pipe.write(bytes.subarray(offset, offset + 100_000));
    }
    pipe.end();
    let sum = "";
    for await (const chunk of pipe) sum += decodeText(chunk.bytes);
    expect(sum.split(" ")[0]).toBe(sha256(bytes));
    const hash = createHash("sha256");
    for await (const chunk of guest.spawn(["cat", "/dev/shm/noise"])) hash.update(chunk.bytes);
    expect(hash.digest("hex")).toBe(sha256(bytes));
    await guest.output(["rm", "/dev/shm/noise"]);
  });

  it("serves 30 streams at once", async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `${index} `.repeat(9000));
    const results = await Promise.all(texts.map(stdin => guest.exec(["cat"], { stdin })));
    expect(results.map(result => result.stdout)).toEqual(texts);
  });

  it("stops a process whose reader is slow, and nobody else", async () => {
    const stream = guest.machine.open({ kind: "exec", argv: ["dd", "if=/dev/zero", "bs=64k", "count=64"] });
    let received = 0;
    let resume = false;
    stream.attach({
      data: bytes => {
        received += bytes.length;
        if (resume) stream.consumed(bytes.length);
      },
      closed: () => undefined,
    });
    const pid = await stream.opened;
    // Blocked for good: in pipe_write, and still so after others had their turns.
    const asleep = `until [ "$(cut -d' ' -f3 /proc/${pid}/stat)" = S ]; do :; done`;
    for (let i = 0; i < 5; i++) await guest.output(["sh", "-c", asleep]);
    expect(received).toBe(WINDOW_TO_PAGE);
    resume = true;
    stream.consumed(received);
    expect(await stream.closed).toMatchObject({ how: "exit", code: 0 });
    expect(received).toBeGreaterThanOrEqual(4 * MIB);
  });

  it("holds back what a process does not read, and nothing else", async () => {
    const stream = guest.machine.open({ kind: "exec", argv: ["sleep", "1000"] });
    await stream.opened;
    stream.send(new Uint8Array(MIB));
    expect((await guest.exec(["cat"], { stdin: "others go on" })).stdout).toBe("others go on");
    expect(stream.queued).toBeGreaterThan(MIB / 2);
    stream.reset(CANCELLED);
  });
});

/** The listeners on the agent's command line: `--listen NAME=ADDRESS:PORT` and the like. */
async function listeners(
  option: "--listen" | "--datagram",
): Promise<{ name: string; host: string; port: string }> {
  const words = (await guest.output("tr '\\0' '\\n' < /proc/$(pidof agent)/cmdline")).split("\n");
  const [, name, host, port] = /^(.*)=(.*):(\d+)$/.exec(words[words.indexOf(option) + 1] ?? "") ?? [];
  if (name === undefined || host === undefined || port === undefined)
    throw new Error(`the agent has no ${option}`);
  return { name, host, port };
}

/** Serves the next stream of the guest's. */
function nextGuestStream(): Promise<{ open: GuestOpen; stream: GuestStream }> {
  return new Promise(resolve => guest.machine.onGuestStream((open, stream) => resolve({ open, stream })));
}

describe("sockets", { timeout: GUEST_TIMEOUT }, () => {
  it("serve what the guest connects to", async () => {
    const { name, host, port } = await listeners("--listen");
    const served = nextGuestStream();
    const client = guest.exec(`exec 3<>/dev/tcp/${host}/${port}; printf 'GET me' >&3; cat <&3`);
    const { open, stream } = await served;
    expect(open).toMatchObject({ kind: "accept", listener: name, local: `${host}:${port}` });
    const pipe = new BytePipe(stream);
    expect(decodeText((await pipe.read())?.bytes ?? new Uint8Array())).toBe("GET me");
    await pipe.write(encodeText("there you are"));
    pipe.end();
    expect(await client).toEqual({ stdout: "there you are", stderr: "", status: 0 });
    expect(await stream.closed).toEqual({ how: "finished" });
  });

  it("answer the guest's datagrams", async () => {
    const { name, host, port } = await listeners("--datagram");
    const served = nextGuestStream();
    const client = guest.exec(`exec 3<>/dev/udp/${host}/${port}; printf query >&3; head -c 6 <&3`);
    const { open, stream } = await served;
    expect(open).toMatchObject({ kind: "datagram", listener: name });
    const pipe = new BytePipe(stream);
    expect(decodeText((await pipe.read())?.bytes ?? new Uint8Array())).toBe("query");
    expect(await pipe.read()).toBeUndefined();
    await pipe.write(encodeText("answer"));
    pipe.end();
    expect((await client).stdout).toBe("answer");
  });

  it("reach the guest's own services, through the page and back", async () => {
    const { host, port } = await listeners("--listen");
    const served = nextGuestStream();
    const near = new BytePipe(guest.machine.open({ kind: "tcp", address: host, port: Number(port) }));
    await near.write(encodeText("round trip"));
    near.end();
    const far = new BytePipe((await served).stream);
    expect(decodeText((await far.read())?.bytes ?? new Uint8Array())).toBe("round trip");
    expect(await far.read()).toBeUndefined();
    far.end();
    expect(await near.read()).toBeUndefined();
    expect(await near.stream.closed).toEqual({ how: "finished" });
  });

  it("say why a connection could not be made", async () => {
    const refused = guest.machine.open({ kind: "tcp", address: "127.0.0.1", port: 9 });
    await expect(refused.opened).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const missing = guest.machine.open({ kind: "unix", path: "/no/such.sock" });
    await expect(missing.opened).rejects.toMatchObject({ code: "ENOENT" });
    const malformed = guest.machine.open({ kind: "tcp", address: "somewhere", port: 80 });
    await expect(malformed.opened).rejects.toMatchObject({ code: "EINVAL" });
  });
});

describe("the handshake", { timeout: GUEST_TIMEOUT }, () => {
  it("recovers when the agent is killed", async () => {
    const lost = guest.spawn(["sleep", "1000"]);
    const pid = await lost.stream.opened;
    await expect(guest.exec("kill -9 $(pidof agent); sleep 1000")).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(await lost.stream.closed).toMatchObject({ how: "reset" });
    expect(await guest.output(["echo", "back"])).toBe("back\n");
    expect((await guest.exec(`while [ -e /proc/${pid} ]; do :; done`)).status).toBe(0);
  });

  it("gives a restored guest its time and name, and ends what ran on its streams", async () => {
    const folder = await mkdtemp(join(tmpdir(), "drydock-link-"));
    try {
      const running = guest.spawn(["sleep", "2000"]);
      const pid = await running.stream.opened;
      const file = join(folder, "machine");
      await guest.save(file);
      await withGuest({ from: file, hostname: "elsewhere" }, async restored => {
        const [name, seconds] = (await restored.output("hostname; date +%s")).split("\n");
        expect(name).toBe("elsewhere");
        expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
        expect((await restored.exec(`while [ -e /proc/${pid} ]; do :; done`)).status).toBe(0);
      });
      // The machine that was saved goes on.
      expect((await guest.exec(["test", "-e", `/proc/${pid}`])).status).toBe(0);
      running.stream.reset(CANCELLED);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
