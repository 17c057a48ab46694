import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Guest, startGuest } from "../../scripts/lib/guest.ts";
import type { TerminalSession } from "../../scripts/lib/terminal-session.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

const CTRL_C = "\x03";
const CTRL_P_CTRL_Q = "\x10\x11";
const CTRL_Z = "\x1a";
const TAB = "\t";
/** A container's shell waits for us: its prompt, and the question about the cursor that may follow it. */
const CONTAINER_PROMPT = /\/ # (.\[6n)?$/;
const HOST_PROMPT = /root@node1.*# $/;

/** A learner's terminal: a login shell of the guest, and in it `docker run -it`. */
describe("a terminal", { timeout: GUEST_TIMEOUT }, () => {
  let guest: Guest;

  beforeAll(async () => {
    guest = await startGuest(testMachine());
  }, GUEST_TIMEOUT);

  afterAll(() => guest.machine.destroy());

  async function login(): Promise<TerminalSession> {
    const terminal = guest.terminal();
    await terminal.waitFor(HOST_PROMPT);
    return terminal;
  }

  /** Starts an interactive container in a new terminal. */
  async function interactive(name: string): Promise<TerminalSession> {
    const terminal = await login();
    terminal.send(`docker run -it --name ${name} busybox sh\r`);
    await terminal.waitFor(CONTAINER_PROMPT);
    return terminal;
  }

  it("greets in three lines and names the node", async () => {
    const terminal = guest.terminal();
    const greeting = await terminal.waitFor(HOST_PROMPT);
    expect(greeting.trimEnd().split("\r\n").slice(0, -1).filter(Boolean)).toHaveLength(3);
    expect(greeting).toMatch(/node1/);
    terminal.close();
  });

  it("completes docker's commands and the names of containers", async () => {
    await guest.output("docker create --name finished busybox");
    const terminal = await login();
    terminal.send(`docker star${TAB}fini${TAB}`);
    await terminal.waitFor("docker start finished ");
    terminal.send("\r");
    await terminal.waitFor("finished\r\n");
    terminal.close();
    await guest.output("docker rm finished");
  });

  it("has job control, interrupts and the window's size in a container", async () => {
    const terminal = await interactive("jobs");
    // What a job prints shows that it has the terminal: a key before that would be the shell's.
    terminal.send("sh -c 'echo first; read line; echo got $line; exec sleep 1000'\r");
    await terminal.waitFor("\r\nfirst\r\n");
    terminal.send(CTRL_Z);
    await terminal.waitFor(/\[1\]\+ +Stopped .*\r\n/);
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send("jobs; fg\r");
    await terminal.waitFor(/\[1\]\+ +Stopped .*\r\n/);
    terminal.send("more\r");
    await terminal.waitFor("got more\r\n");
    terminal.send(CTRL_C);
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send("echo $?; stty size\r");
    await terminal.waitFor("130\r\n24 80\r\n");
    await terminal.waitFor(CONTAINER_PROMPT);

    terminal.send("trap 'stty size' WINCH; echo o''n; while :; do sleep 0.1; done\r");
    await terminal.waitFor("on\r\n");
    terminal.stream.resize(40, 100);
    await terminal.waitFor("40 100\r\n");
    terminal.send(CTRL_C);
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send("exit 7\r");
    await terminal.waitFor(HOST_PROMPT);
    terminal.send("echo =$?=\r");
    await terminal.waitFor("=7=\r\n");
    terminal.close();
    await guest.output("docker rm jobs");
  });

  it("detaches with Ctrl-P Ctrl-Q, attaches again, and finds the shell as it was", async () => {
    const terminal = await interactive("kept");
    terminal.send("secret=42\r");
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send(CTRL_P_CTRL_Q);
    await terminal.waitFor(HOST_PROMPT);
    terminal.send("docker ps --format '{{.Names}} {{.Status}}'\r");
    await terminal.waitFor(/kept Up [^\r]*\r\n/);
    await terminal.waitFor(HOST_PROMPT);
    terminal.send("docker attach kept\r");
    // Nobody prints a prompt for one who comes back: an empty line asks for it.
    await terminal.waitFor("docker attach kept\r\n");
    terminal.send("\r");
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send("echo =$secret=\r");
    await terminal.waitFor("=42=\r\n");
    terminal.send("exit\r");
    await terminal.waitFor(HOST_PROMPT);
    terminal.close();
    await guest.output("docker rm kept");
  });

  it("passes Ctrl-C on to what runs attached, and gives the shell back", async () => {
    const terminal = await login();
    terminal.send(
      "docker run --rm busybox sh -c 'trap \"echo caught; exit 5\" INT; echo ready; while :; do sleep 0.1; done'\r",
    );
    await terminal.waitFor("ready\r\n");
    terminal.send(CTRL_C);
    await terminal.waitFor("caught\r\n");
    await terminal.waitFor(HOST_PROMPT);
    terminal.send("echo =$?=\r");
    await terminal.waitFor("=5=\r\n");
    terminal.close();
  });

  it("runs an interactive command in a running container", async () => {
    await guest.output("docker run -d --name host busybox sleep 1000");
    const terminal = await login();
    terminal.send("docker exec -it host sh\r");
    await terminal.waitFor(CONTAINER_PROMPT);
    terminal.send("tty; ps -o pid,args\r");
    await terminal.waitFor(/\/dev\/pts\/0\r\n(.*\r\n)* +1 sleep 1000\r\n/);
    terminal.send("exit 9\r");
    await terminal.waitFor(HOST_PROMPT);
    terminal.send("echo =$?=\r");
    await terminal.waitFor("=9=\r\n");
    terminal.close();
    await guest.output("docker rm -f host");
  });
});
