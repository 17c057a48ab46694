import type { CommandContext } from "../context.ts";
import type { Size } from "../session.ts";
import { sleep } from "../sleep.ts";

const RETRIES = 10;
const RETRY_STEP_MS = 10;

/** Tells the daemon a terminal's size. */
export type Resize = (size: Size) => Promise<void>;

/**
 * Keeps a container's or exec's terminal as large as ours, from now on. `known` is the size that the daemon was told
 * already.
 */
export function followTerminalSize(context: CommandContext, resize: Resize, known: Size | null): void {
  const { session, stdout, scope } = context;
  const size = stdout.size();
  if (size && (size.rows !== known?.rows || size.columns !== known.columns)) {
    void resizeAtLast(context, resize).catch(() => {});
  }
  const listener = session.onResize(() => {
    const changed = stdout.size();
    if (changed) void resize(changed).catch(() => {}); // the process may have ended meanwhile
  });
  scope.own(() => listener.dispose());
}

/** Tries again for a while: the process may not have its terminal yet. */
async function resizeAtLast(context: CommandContext, resize: Resize): Promise<void> {
  const { stdout, stderr, scope } = context;
  for (let attempt = 0; attempt <= RETRIES && !scope.ended; attempt++) {
    if (attempt > 0) await sleep(context, attempt * RETRY_STEP_MS);
    const size = stdout.size();
    if (!size || (size.rows === 0 && size.columns === 0)) return;
    try {
      await resize(size);
      return;
    } catch {
      // once more
    }
  }
  if (!scope.ended) void stderr.line("failed to resize tty, using default size");
}
