import { EngineError, messageOf } from "../../base/errors.ts";
import { listContainers } from "../../client/containers.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { filters } from "../flags/collection-types.ts";
import { bool, int, string } from "../flags/scalar-types.ts";
import { FILTER_HELP, FORMAT_HELP, NO_TRUNC_HELP } from "../format/help-texts.ts";
import { renderRows } from "../format/rows.ts";
import type { RowOptions } from "../format/values.ts";
import { rowOptions } from "../format/row-options.ts";
import { ContainerRow, containerHeaders, emptyContainerRow } from "./container-row.ts";

const TABLE = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
const RAW =
  "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\n" +
  "state: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\n" +
  "labels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n";

/** The template that a format's name stands for. */
function formatText(format: string, quiet: boolean, size: boolean): string {
  if (format === "raw") return quiet ? "container_id: {{.ID}}" : size ? `${RAW}size: {{.Size}}\n` : RAW;
  if (quiet) return "{{.ID}}";
  if (format !== "" && format !== "table") return format;
  return size ? `${TABLE}\t{{.Size}}` : TABLE;
}

function trying<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new EngineError("invalid", `failed to ${what} template: ${messageOf(error)}`, { cause: error });
  }
}

/** Tries a template on nothing: whether it needs the size. Throws what is wrong with it before the daemon is asked. */
function tryFormat(context: CommandContext, format: string, options: RowOptions): boolean {
  const trial = emptyContainerRow(options);
  const template = trying("parse", () => context.templates.get(format));
  trying("execute", () => template.execute(trial));
  return trial.usesSize;
}

const flags = () => ({
  all: { type: bool(), short: "a", usage: "Show all containers (default shows just running)" },
  filter: { type: filters(), short: "f", usage: FILTER_HELP },
  format: { type: string(), usage: FORMAT_HELP },
  last: { type: int(-1), short: "n", usage: "Show the last containers made, in whatever state" },
  latest: { type: bool(), short: "l", usage: "Show the last container made, in whatever state" },
  "no-trunc": { type: bool(), usage: NO_TRUNC_HELP },
  quiet: { type: bool(), short: "q", usage: "Show only ids" },
  size: { type: bool(), short: "s", usage: "Show how much containers have written" },
});

export const psCommand = command<ReturnType<typeof flags>>({
  summary: "List containers",
  spellings: "docker container ls, docker container list, docker container ps, docker ps",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values, given }) {
    const { quiet, last } = values;
    const options = rowOptions(context, !values["no-trunc"]);
    let { size, format } = values;
    if (format === "") format = context.config.psFormat;
    else if (quiet) {
      void context.stderr.line("WARNING: Ignoring custom format, because both --format and --quiet are set.");
    }
    if (format !== "") {
      const needsSize = tryFormat(context, format, options);
      size ||= needsSize && !quiet && !given.has("size");
    }
    const containers = await listContainers(context.client, {
      all: values.all,
      limit: values.latest && last === -1 ? 1 : last,
      size,
      filters: values.filter,
    });
    const rows = containers.map(container => new ContainerRow(container, options));
    const text = renderRows(formatText(format, quiet, size), rows, containerHeaders, context.templates);
    await context.stdout.write(text);
  },
});
