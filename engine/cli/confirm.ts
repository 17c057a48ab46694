import type { CommandContext } from "./context.ts";

const BUFFER_SIZE = 4096;

/** Asks a question that is answered with "y" or with anything else, which means no. */
export async function confirm(context: CommandContext, question: string): Promise<boolean> {
  const { session, stdout, interruption } = context;
  await stdout.write(`${question} [y/N] `);
  if (session.stdin.isTerminal) await Promise.race([session.takeTerminal(false), interruption]);
  const answer = await Promise.race([firstLine(context), interruption]);
  return answer.trim().toLowerCase() === "y";
}

async function firstLine({ session, sys }: CommandContext): Promise<string> {
  const connection = session.stdin.connection();
  const buffer = new Uint8Array(BUFFER_SIZE);
  let text = "";
  while (!text.includes("\n")) {
    const length = await connection.read(buffer);
    if (length === 0) break;
    text += sys.bytes.decode(buffer, 0, length);
  }
  return text.split("\n", 1)[0] ?? "";
}
