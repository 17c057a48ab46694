import { EngineError, messageOf } from "../../base/errors.ts";
import { renameContainer } from "../../client/containers.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";

export const renameCommand = command({
  summary: "Give a container another name",
  spellings: "docker container rename, docker rename",
  arity: exactly(2),
  complete: containerNames(true),
  async run({ client, stderr }, { positionals }) {
    const [oldName = "", newName = ""] = positionals.map(word => word.trim());
    if (oldName === "" || newName === "") {
      throw new EngineError("invalid", "Error: Neither old nor new names may be empty");
    }
    try {
      await renameContainer(client, oldName, newName);
    } catch (cause) {
      void stderr.line(messageOf(cause));
      throw new EngineError("invalid", `Error: failed to rename container named ${oldName}`, { cause });
    }
  },
});
