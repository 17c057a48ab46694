import { EngineError, kindOf } from "../../base/errors.ts";
import { removeContainer } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import { forEachInParallel } from "../each.ts";
import { bool } from "../flags/scalar-types.ts";

const flags = () => ({
  force: { type: bool(), short: "f", usage: "Remove also what runs, after killing it" },
  volumes: { type: bool(), short: "v", usage: "Remove its anonymous volumes as well" },
});

export const rmCommand = command<ReturnType<typeof flags>>({
  summary: "Remove containers",
  spellings: "docker container rm, docker container remove, docker rm",
  arity: atLeast(1),
  flags,
  complete: containerNames(true, ({ State: state }) => state === "exited" || state === "created"),
  run(context, { values: { force, volumes }, positionals }) {
    const remove = async (word: string): Promise<void> => {
      const name = word.replace(/^\/+|\/+$/g, "");
      if (name === "") throw new EngineError("invalid", "container name cannot be empty");
      await removeContainer(context.client, name, { force, volumes, link: false });
    };
    return forEachInParallel(context, positionals, remove, error => force && kindOf(error) === "not-found");
  },
});
