import { EngineError } from "../../base/errors.ts";
import { createVolume } from "../../client/volumes.ts";
import { atMost } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { label, pairMap } from "../container/key-values.ts";
import { list, map } from "../flags/collection-types.ts";
import { string } from "../flags/scalar-types.ts";

const flags = () => ({
  driver: { type: string("local"), short: "d", usage: "What keeps its files" },
  label: { type: list(label), usage: "Labels to set" },
  name: { type: string(), usage: "Its name", hidden: true },
  opt: { type: map(), short: "o", usage: "Options of the driver" },
});

export const volumeCreateCommand = command<ReturnType<typeof flags>>({
  summary: "Make a volume",
  arity: atMost(1),
  flags,
  complete: noCandidates,
  async run({ client, stdout }, { values, positionals: [name] }) {
    if (name !== undefined && values.name !== "") {
      const what = "cannot specify a volume-name through both --name and as a positional arg";
      throw new EngineError("invalid", `conflicting options: ${what}`);
    }
    const volume = await createVolume(client, {
      Driver: values.driver,
      ...(values.opt.size > 0 ? { DriverOpts: Object.fromEntries(values.opt) } : {}),
      ...(values.label.length > 0 ? { Labels: pairMap(values.label) } : {}),
      Name: name ?? values.name,
    });
    await stdout.line(volume.Name);
  },
});
