import { containerTop } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import { alignColumns, topLayout } from "../table.ts";

export const topCommand = command({
  summary: "Show the processes of a container",
  spellings: "docker container top, docker top",
  arity: atLeast(1),
  stopsAtArgument: true,
  complete: containerNames(false),
  async run({ client, stdout }, { positionals: [name = "", ...psArgs] }) {
    const { Titles: titles, Processes: processes } = await containerTop(client, name, psArgs.join(" "));
    const lines = [titles, ...processes].map(cells => `${cells.join("\t")}\n`);
    await stdout.write(alignColumns(lines.join(""), topLayout));
  },
});
