import { compareNaturally } from "../../base/natural-order.ts";
import { listNetworks } from "../../client/networks.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { filters } from "../flags/collection-types.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { FILTER_HELP, FORMAT_HELP, NO_TRUNC_HELP } from "../format/help-texts.ts";
import { renderRows } from "../format/rows.ts";
import { networkHeaders, NetworkRow } from "./network-row.ts";

const TABLE = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
const RAW = "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n";

/** The template that a format's name stands for. */
function formatText(format: string, quiet: boolean): string {
  if (format === "table") return quiet ? "{{.ID}}" : TABLE;
  if (format === "raw") return quiet ? "network_id: {{.ID}}" : RAW;
  return format;
}

const flags = () => ({
  filter: { type: filters(), short: "f", usage: FILTER_HELP },
  format: { type: string(), usage: FORMAT_HELP },
  "no-trunc": { type: bool(), usage: NO_TRUNC_HELP },
  quiet: { type: bool(), short: "q", usage: "Show only ids" },
});

export const networkListCommand = command<ReturnType<typeof flags>>({
  summary: "List networks",
  spellings: "docker network ls, docker network list",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values }) {
    const { quiet } = values;
    const networks = await listNetworks(context.client, values.filter);
    const asked = values.format || (quiet ? "" : context.config.networksFormat) || "table";
    const rows = networks
      .toSorted((left, right) => compareNaturally(left.Name, right.Name))
      .map(network => new NetworkRow(network, !values["no-trunc"]));
    const text = renderRows(formatText(asked, quiet), rows, networkHeaders, context.templates);
    await context.stdout.write(text);
  },
});
