import { EngineError } from "../../base/errors.ts";
import { containerChanges } from "../../client/container-files.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";

/** Changed, added and deleted, by the API's numbers. */
const LETTERS = ["C", "A", "D"];

export const diffCommand = command({
  summary: "Show what a container has changed in the files of its image",
  spellings: "docker container diff, docker diff",
  arity: exactly(1),
  complete: containerNames(false),
  async run({ client, stdout }, { positionals: [name = ""] }) {
    if (name === "") throw new EngineError("invalid", "Container name cannot be empty");
    const changes = (await containerChanges(client, name)) ?? [];
    await stdout.write(changes.map(({ Kind: kind, Path: path }) => `${LETTERS[kind]} ${path}\n`).join(""));
  },
});
