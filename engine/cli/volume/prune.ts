import { EngineError } from "../../base/errors.ts";
import { humanSize } from "../../base/units.ts";
import { pruneVolumes } from "../../client/volumes.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { confirm } from "../confirm.ts";
import { filters } from "../flags/collection-types.ts";
import { bool } from "../flags/scalar-types.ts";
import { FILTER_HELP } from "../format/help-texts.ts";

const flags = () => ({
  all: { type: bool(), short: "a", usage: "Remove also those that have a name" },
  filter: { type: filters(), usage: FILTER_HELP },
  force: { type: bool(), short: "f", usage: "Don't ask first" },
});

export const volumePruneCommand = command<ReturnType<typeof flags>>({
  summary: "Remove volumes that no container uses",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values: { all, filter, force } }) {
    if (all && filter.has("all")) {
      throw new EngineError("invalid", "conflicting options: cannot specify both --all and --filter all=1");
    }
    const kind = all ? "all" : "anonymous";
    const warning = `WARNING! This will remove ${kind} local volumes not used by at least one container.`;
    if (!force && !(await confirm(context, `${warning}\nAre you sure you want to continue?`))) return;
    const { VolumesDeleted: names, SpaceReclaimed: bytes } = await pruneVolumes(
      context.client,
      all ? new Map([...filter, ["all", ["true"]]]) : filter,
    );
    const list = names?.length ? `Deleted Volumes:\n${names.join("\n")}\n\n` : "";
    await context.stdout.write(`${list}Total reclaimed space: ${humanSize(list === "" ? 0 : bytes)}\n`);
  },
});
