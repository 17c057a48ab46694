import { withGuest } from "./guest.ts";
import type { TerminalSession } from "./terminal-session.ts";

/** The prompt of the guest's shell or of one in a container, and the question about the cursor that may follow. */
const PROMPT = /(root@node1.*|\/ )# (.\[6n)?$/;

/**
 * Types a lesson's commands into a terminal of a fresh guest, each when the one before is done. Throws at the first
 * line that does not end with 0.
 */
export async function runLesson(commands: readonly string[]): Promise<void> {
  await withGuest({}, async guest => {
    const terminal = guest.terminal();
    await terminal.waitFor(PROMPT);
    for (const line of commands.flatMap(block => block.split("\n"))) await runLine(terminal, line);
    terminal.close();
  });
}

async function runLine(terminal: TerminalSession, line: string): Promise<void> {
  terminal.send(`${line}\r`);
  const output = await terminal.waitFor(PROMPT);
  terminal.send("echo =$?=\r");
  const answer = await terminal.waitFor(/=(\d+)=\r\n/);
  await terminal.waitFor(PROMPT);
  if (!answer.endsWith("=0=\r\n")) throw new Error(`"${line}" failed: ${output}`);
}
