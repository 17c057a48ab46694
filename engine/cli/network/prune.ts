import { pruneNetworks } from "../../client/networks.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { confirm } from "../confirm.ts";
import { filters } from "../flags/collection-types.ts";
import { bool } from "../flags/scalar-types.ts";
import { FILTER_HELP } from "../format/help-texts.ts";

const WARNING =
  "WARNING! This will remove all custom networks not used by at least one container.\n" +
  "Are you sure you want to continue?";

const flags = () => ({
  filter: { type: filters(), usage: FILTER_HELP },
  force: { type: bool(), short: "f", usage: "Don't ask first" },
});

export const networkPruneCommand = command<ReturnType<typeof flags>>({
  summary: "Remove networks that no container uses",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values: { filter, force } }) {
    if (!force && !(await confirm(context, WARNING))) return;
    const { NetworksDeleted: names } = await pruneNetworks(context.client, filter);
    if (names?.length) await context.stdout.write(`Deleted Networks:\n${names.join("\n")}\n\n`);
  },
});
