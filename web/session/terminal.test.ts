import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LinkError } from "../protocol/link-error.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../protocol/stream.ts";
import { decodeText } from "../protocol/text.ts";
import { SHELL, Terminal } from "./terminal.ts";

/** A shell that notes what happens to it. */
class FakeShell implements GuestStream {
  readonly opened = Promise.resolve(1);
  readonly closed = new Promise<StreamEnd>(() => undefined);
  readonly queued = 0;
  readonly log: string[] = [];
  sink: StreamSink | undefined;

  attach(sink: StreamSink): void {
    this.sink = sink;
  }
  send(bytes: Uint8Array): void {
    this.log.push(`send ${decodeText(bytes)}`);
  }
  end(): void {
    this.log.push("end");
  }
  consumed(bytes: number): void {
    this.log.push(`consumed ${bytes}`);
  }
  resize(rows: number, columns: number): void {
    this.log.push(`resize ${rows} ${columns}`);
  }
  signal(number: number): void {
    this.log.push(`signal ${number}`);
  }
  reset(error: LinkError): void {
    this.log.push(`reset ${error.code}`);
  }
}

function say(shell: FakeShell | undefined, text: string): void {
  shell?.sink?.data(new TextEncoder().encode(text), 0);
}

/** A machine, its shells, and a screen that shows everything at once. */
function setUp() {
  const requests: OpenRequest[] = [];
  const shells: FakeShell[] = [];
  const shown: string[] = [];
  const terminal = new Terminal(1, () => undefined);
  return {
    terminal,
    requests,
    shells,
    shown,
    screen: {
      write: (bytes: Uint8Array, done: () => void) => {
        shown.push(decodeText(bytes));
        done();
      },
      clear: () => void shown.push("(clear)"),
    },
    host: {
      open: (request: OpenRequest) => {
        const shell = new FakeShell();
        requests.push(request);
        shells.push(shell);
        return shell;
      },
    },
  };
}

const SERVICES = join(import.meta.dirname, "../../images/guest/files/etc/drydock/services");
const SIZE = { rows: 30, columns: 100 };
const OUTPUT = new TextEncoder().encode("hello");

describe("a terminal with a command", () => {
  it("types it at the first prompt, and never again", () => {
    const { host, screen, shells } = setUp();
    const terminal = new Terminal(2, () => undefined, "docker logs -f web");
    terminal.show(screen, SIZE);
    terminal.connect(host);
    say(shells[0], "A Linux host\r\n\x1b[?20");
    const typed = (): string[] => shells.flatMap(({ log }) => log.filter(line => line.startsWith("send")));
    expect(typed()).toEqual([]);
    say(shells[0], "04h# ");
    expect(typed()).toEqual(["send docker logs -f web\r"]);
    say(shells[0], "\x1b[?2004h# ");
    shells[0]?.sink?.closed({ how: "exit", code: 0, signal: 0 });
    terminal.input("\r");
    say(shells[1], "\x1b[?2004h# ");
    expect(typed()).toHaveLength(1);
  });

  it("does not type it on another machine", () => {
    const { host, screen, shells } = setUp();
    const terminal = new Terminal(2, () => undefined, "docker logs -f web");
    terminal.show(screen, SIZE);
    terminal.connect(host);
    terminal.disconnect();
    terminal.connect(host);
    say(shells[1], "\x1b[?2004h# ");
    expect(shells[1]?.log.some(line => line.startsWith("send"))).toBe(false);
  });
});

describe("a terminal", () => {
  it.each(["the machine", "the screen"])("opens its shell when it has both, %s last", last => {
    const { terminal, host, screen, requests } = setUp();
    if (last === "the machine") terminal.show(screen, SIZE);
    else terminal.connect(host);
    expect(requests).toEqual([]);
    if (last === "the machine") terminal.connect(host);
    else terminal.show(screen, SIZE);
    expect(requests).toEqual([{ kind: "pty", ...SHELL, ...SIZE }]);
    expect(terminal.state.value).toEqual({ name: "open" });
  });

  it("shows output and says how much was taken, and passes on keys and sizes", () => {
    const { terminal, host, screen, shells, shown } = setUp();
    terminal.show(screen, SIZE);
    terminal.connect(host);
    shells[0]?.sink?.data(OUTPUT, 0);
    terminal.input("ls\r");
    terminal.resize({ rows: 10, columns: 20 });
    expect(shown).toEqual(["(clear)", "hello"]);
    expect(terminal.spoken.value).toBe(true);
    expect(shells[0]?.log).toEqual(["consumed 5", "send ls\r", "resize 10 20"]);
  });

  it("starts another shell at Enter, and only at Enter, when one has ended", () => {
    const { terminal, host, screen, shells } = setUp();
    terminal.show(screen, SIZE);
    terminal.connect(host);
    shells[0]?.sink?.closed({ how: "exit", code: 3, signal: 0 });
    expect(terminal.state.value).toEqual({ name: "ended", end: { how: "exit", code: 3 } });
    terminal.input("x");
    expect(shells).toHaveLength(1);
    terminal.input("\r");
    expect(shells).toHaveLength(2);
  });

  it("tells a lost connection from a shell that was killed", () => {
    const { terminal, host, screen, shells } = setUp();
    terminal.show(screen, SIZE);
    terminal.connect(host);
    shells[0]?.sink?.closed({ how: "exit", code: 0, signal: 9 });
    expect(terminal.state.value).toEqual({ name: "ended", end: { how: "signal", signal: 9 } });
    terminal.input("\r");
    shells[1]?.sink?.closed({ how: "reset", error: new LinkError("ECONNRESET", "gone") });
    expect(terminal.state.value).toMatchObject({ name: "ended", end: { how: "lost" } });
  });

  it("hears nothing more of a machine that is gone", () => {
    const { terminal, host, screen, shells, shown } = setUp();
    terminal.show(screen, SIZE);
    terminal.connect(host);
    terminal.disconnect();
    shells[0]?.sink?.data(OUTPUT, 0);
    shells[0]?.sink?.closed({ how: "exit", code: 0, signal: 0 });
    expect(shown).toEqual(["(clear)"]);
    expect(terminal.state.value).toEqual({ name: "dead" });
  });
});

it("asks for the shell that the guest keeps ready", async () => {
  const services = await readFile(SERVICES, "utf8");
  const settings = Object.entries(SHELL.env).map(([name, value]) => `env=${name}=${value}`);
  expect(services).toContain(` --spare ${settings.join(" ")} -- ${SHELL.argv.join(" ")}\n`);
});
