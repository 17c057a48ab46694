import type { ProgressLine } from "../../api/system.ts";
import {
  familiarName,
  formatReference,
  isNameOnly,
  parseFamiliar,
  type Reference,
  withDefaultTag,
} from "../../base/reference.ts";
import { pullImage } from "../../client/images.ts";
import { jsonLines } from "../../client/json-lines.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates, platforms } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import type { TextOutput } from "../io/output.ts";
import { ProgressDisplay } from "../progress/progress-display.ts";

/** The platform that images are pulled for unless a flag says otherwise. */
export function platformOf(context: CommandContext, flag: string): string {
  return flag || (context.session.env("DOCKER_DEFAULT_PLATFORM") ?? "");
}

/** Pulls an image and shows how that goes; without an output it goes silently. */
export async function pullWithProgress(
  { client, sys }: CommandContext,
  reference: Reference,
  platform: string,
  output: TextOutput | null,
): Promise<void> {
  const { tag = "", digest } = reference;
  const response = await pullImage(client, { name: familiarName(reference), tag: digest ?? tag, platform });
  const display = new ProgressDisplay(output);
  for await (const line of jsonLines<ProgressLine>(response.body, sys.bytes)) await display.show(line);
}

const flags = () => ({
  platform: { type: string(), usage: "Platform to pull for, such as linux/386" },
  quiet: { type: bool(), short: "q", usage: "Show only the image's name" },
});

export const pullCommand = command<ReturnType<typeof flags>>({
  summary: "Fetch an image from a registry",
  spellings: "docker image pull, docker pull",
  arity: exactly(1),
  flags,
  complete: noCandidates,
  completeFlags: { platform: platforms },
  async run(context, { values, positionals: [name = ""] }) {
    const { quiet } = values;
    const asked = parseFamiliar(name);
    const reference = withDefaultTag(asked);
    if (isNameOnly(asked) && !quiet) void context.stdout.line(`Using default tag: ${reference.tag}`);
    const platform = platformOf(context, values.platform);
    await pullWithProgress(context, reference, platform, quiet ? null : context.stdout);
    await context.stdout.line(formatReference(reference));
  },
});
