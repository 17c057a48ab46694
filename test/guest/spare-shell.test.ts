import { describe, expect, it } from "vitest";
import { type Guest, withGuest } from "../../scripts/lib/guest.ts";
import type { TerminalSession } from "../../scripts/lib/terminal-session.ts";
import { SHELL } from "../../web/session/terminal.ts";
import { GUEST_TIMEOUT, testMachine } from "./test-machine.ts";

/** The numbers of the guest's shells. */
async function shells(guest: Guest): Promise<number[]> {
  return (await guest.output(["pidof", "bash"])).trim().split(" ").map(Number);
}

/** A terminal as the page opens it. */
function pageTerminal(guest: Guest): TerminalSession {
  return guest.terminal({ ...SHELL, rows: 33, columns: 111 });
}

describe("the spare shell", { timeout: GUEST_TIMEOUT }, () => {
  it("is the first terminal's, in that terminal's size, and only the first's", () =>
    withGuest(testMachine(), async guest => {
      const spare = await shells(guest);
      const first = pageTerminal(guest);
      await first.waitFor(/root@node1.*# $/);
      expect(spare).toEqual([await first.stream.opened]);
      first.send("stty size\r");
      await first.waitFor("33 111\r\n");
      const second = pageTerminal(guest);
      await second.waitFor(/root@node1.*# $/);
      expect((await shells(guest)).length).toBe(2);
    }));

  it("stays unused where the guest was given another name, and where something else is asked for", () =>
    withGuest({ ...testMachine(), hostname: "node2" }, async guest => {
      const [spare] = await shells(guest);
      const named = pageTerminal(guest);
      await named.waitFor(/root@node2.*# $/);
      expect(await named.stream.opened).not.toBe(spare);
      await guest.output(["hostname", "node1"]);
      const plain = guest.terminal();
      await plain.waitFor(/root@node1.*# $/);
      expect(await plain.stream.opened).not.toBe(spare);
    }));
});
