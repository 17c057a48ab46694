/** Shows a stream of progress as Docker's client does: on a terminal a line for each layer, updated in place. */
import type { ProgressLine } from "../../api/system.ts";
import { EngineError } from "../../base/errors.ts";
import { humanSize } from "../../base/units.ts";
import type { TextOutput } from "../io/output.ts";

const BAR_WIDTH = 50;
/** Narrower terminals get numbers without a bar. */
const LEAST_COLUMNS_FOR_BAR = 111;
const UNKNOWN_COLUMNS = 200;
const NUMBER_WIDTH = 8;
const ERASE_LINE = "\x1b[2K";

/** Shows the lines of one progress stream. */
export class ProgressDisplay {
  readonly #output: TextOutput | null;
  readonly #isTerminal: boolean;
  /** The row of each layer that is being updated, counted from the first. */
  readonly #rows = new Map<string, number>();

  /** Without an output it only looks out for errors. */
  constructor(output: TextOutput | null) {
    this.#output = output;
    this.#isTerminal = output?.isTerminal ?? false;
  }

  /** Throws what the daemon reports as an error. */
  async show(line: ProgressLine): Promise<void> {
    const { errorDetail, error } = line;
    if (errorDetail || error) throw new EngineError("system", errorDetail?.message || error || "");
    if (!this.#output) return;
    const text = this.#isTerminal ? this.#onTerminal(line) : plain(line);
    if (text !== "") await this.#output.write(text);
  }

  #onTerminal(line: ProgressLine): string {
    const { id = "", status = "", progressDetail } = line;
    if (id === "" || !progressDetail) {
      this.#rows.clear(); // what comes now ends the lines that could be updated
      return plain(line);
    }
    const isNew = !this.#rows.has(id);
    if (isNew) this.#rows.set(id, this.#rows.size);
    const distance = this.#rows.size - (this.#rows.get(id) ?? 0);
    const columns = this.#output?.size()?.columns ?? UNKNOWN_COLUMNS;
    const content = `${id}: ${status} ${progressText(progressDetail, columns)}`;
    return `${isNew ? "\n" : ""}\x1b[${distance}A${ERASE_LINE}\r${content}\r\x1b[${distance}B`;
  }
}

/** For files and pipes: changes of state only. */
function plain({ id, status = "", progressDetail }: ProgressLine): string {
  if (progressDetail && progressText(progressDetail, UNKNOWN_COLUMNS) !== "") return "";
  return `${id ? `${id}: ` : ""}${status}\n`;
}

/** "[=====>     ]  1.2MB/3.4MB" */
export function progressText(
  { current = 0, total = 0 }: NonNullable<ProgressLine["progressDetail"]>,
  columns: number,
): string {
  if (current <= 0 && total <= 0) return "";
  const size = humanSize(current).padStart(NUMBER_WIDTH);
  if (total <= 0) return size;
  const done = Math.min(BAR_WIDTH, Math.trunc(Math.trunc((current / total) * 100) / 2));
  const bar = `[${"=".repeat(done)}>${" ".repeat(BAR_WIDTH - done)}] `;
  const numbers = current > total ? size : `${size}/${humanSize(total)}`;
  return (columns >= LEAST_COLUMNS_FOR_BAR ? bar : "") + numbers;
}
