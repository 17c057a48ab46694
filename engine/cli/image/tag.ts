import { EngineError } from "../../base/errors.ts";
import { nameOf, parseFamiliar, parseImageArgument, withDefaultTag } from "../../base/reference.ts";
import { tagImage } from "../../client/images.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { imageNames } from "../completion/completers.ts";
import { parseForTag } from "./reference-error.ts";

export const tagCommand = command({
  summary: "Give an image another name",
  spellings: "docker image tag, docker tag",
  arity: exactly(2),
  stopsAtArgument: true,
  complete: imageNames(2),
  async run({ client }, { positionals: [source = "", target = ""] }) {
    parseForTag(source, parseImageArgument);
    const reference = parseForTag(target, parseFamiliar);
    if (reference.digest !== undefined) {
      throw new EngineError("invalid", "refusing to create a tag with a digest reference");
    }
    const { tag = "" } = withDefaultTag(reference);
    await tagImage(client, source, { repository: nameOf(reference), tag });
  },
});
