import { compareNaturally } from "../../base/natural-order.ts";
import { listVolumes } from "../../client/volumes.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { filters } from "../flags/collection-types.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { FILTER_HELP, FORMAT_HELP } from "../format/help-texts.ts";
import { renderRows } from "../format/rows.ts";
import { volumeHeaders, VolumeRow } from "./volume-row.ts";

/** The template that a format's name stands for. */
function formatText(format: string, quiet: boolean): string {
  if (format === "table") return quiet ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}";
  if (format === "raw") return quiet ? "name: {{.Name}}" : "name: {{.Name}}\ndriver: {{.Driver}}\n";
  return format;
}

const flags = () => ({
  filter: { type: filters(), short: "f", usage: FILTER_HELP },
  format: { type: string(), usage: FORMAT_HELP },
  quiet: { type: bool(), short: "q", usage: "Show only names" },
});

export const volumeListCommand = command<ReturnType<typeof flags>>({
  summary: "List volumes",
  spellings: "docker volume ls, docker volume list",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values: { filter, format, quiet } }) {
    const volumes = await listVolumes(context.client, filter);
    const asked = format || (quiet ? "" : context.config.volumesFormat) || "table";
    const rows = volumes
      .toSorted((left, right) => compareNaturally(left.Name, right.Name))
      .map(volume => new VolumeRow(volume));
    await context.stdout.write(renderRows(formatText(asked, quiet), rows, volumeHeaders, context.templates));
  },
});
