/** `docker inspect`, and the same for one kind of object: `docker container inspect` and its like. */
import { EngineError, kindOf, messageOf } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { inspectContainerText } from "../../client/containers.ts";
import { inspectImageText } from "../../client/images.ts";
import { inspectVolumeText } from "../../client/volumes.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames, imageNames, noCandidates, oneOf, volumeNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { INSPECT_FORMAT_HELP } from "../format/help-texts.ts";
import { inspectAll, type Inspected } from "./inspect.ts";

/** A kind of object that can be inspected. */
interface Inspectable {
  readonly name: string;
  readonly hasSize?: boolean;
  find(context: CommandContext, name: string, size: boolean): Promise<Inspected>;
}

/** In the order in which `docker inspect` tries them. */
const inspectables: readonly Inspectable[] = [
  {
    name: "container",
    hasSize: true,
    find: async ({ client }, name, size) => ({
      type: "Container",
      text: await inspectContainerText(client, name, size),
    }),
  },
  {
    name: "image",
    find: async ({ client }, name) => ({ type: "Image", text: await inspectImageText(client, name) }),
  },
  {
    name: "volume",
    find: async ({ client }, name) => ({
      type: "volume.Volume",
      text: await inspectVolumeText(client, name),
    }),
  },
];

const SIZE_HELP = "Show how much a container has written";

/** Whether another kind of object may still have the name. */
function isElsewhere(error: unknown): boolean {
  return kindOf(error) === "not-found" || messageOf(error).includes("invalid reference format");
}

async function findAny(context: CommandContext, name: string, size: boolean): Promise<Inspected> {
  for (const inspectable of inspectables) {
    try {
      const found = await inspectable.find(context, name, size);
      if (size && !inspectable.hasSize) {
        void context.stderr.line(`WARNING: --size ignored for ${inspectable.name}`);
      }
      return found;
    } catch (error) {
      if (!isElsewhere(error)) throw error;
    }
  }
  throw new EngineError("not-found", `Error: No such object: ${name}`);
}

function inspectableFor(type: string): Inspectable {
  const found = inspectables.find(({ name }) => name === type);
  if (found) return found;
  const names = inspectables.map(({ name }) => name).join('", "');
  const what = type === "" ? "type is empty" : `unknown type: ${quote(type)}`;
  throw new EngineError("invalid", `${what}: must be one of "${names}"`);
}

const format = { type: string(), short: "f", usage: INSPECT_FORMAT_HELP } as const;

const anyFlags = () => ({
  format,
  size: { type: bool(), short: "s", usage: SIZE_HELP },
  type: { type: string(), usage: "Only objects of this kind" },
});

export const inspectCommand = command<ReturnType<typeof anyFlags>>({
  summary: "Show all that is known of objects",
  arity: atLeast(1),
  flags: anyFlags,
  complete: noCandidates,
  completeFlags: { type: oneOf(...inspectables.map(({ name }) => name)), format: noCandidates },
  run(context, { values, given, positionals }) {
    const { size } = values;
    const only = given.has("type") ? inspectableFor(values.type) : null;
    return inspectAll(context, positionals, values.format, name =>
      only ? only.find(context, name, size) : findAny(context, name, size),
    );
  },
});

const containerFlags = () => ({ format, size: { type: bool(), short: "s", usage: SIZE_HELP } });

export const containerInspectCommand = command<ReturnType<typeof containerFlags>>({
  summary: "Show all that is known of containers",
  arity: atLeast(1),
  flags: containerFlags,
  complete: containerNames(true),
  run: (context, { values, positionals }) =>
    inspectAll(context, positionals, values.format, async name => ({
      type: "Container",
      text: await inspectContainerText(context.client, name, values.size),
    })),
});

const formatFlags = () => ({ format });

export const imageInspectCommand = command<ReturnType<typeof formatFlags>>({
  summary: "Show all that is known of images",
  arity: atLeast(1),
  flags: formatFlags,
  complete: imageNames(),
  run: (context, { values, positionals }) =>
    inspectAll(context, positionals, values.format, async name => ({
      type: "Image",
      text: await inspectImageText(context.client, name),
    })),
});

export const volumeInspectCommand = command<ReturnType<typeof formatFlags>>({
  summary: "Show all that is known of volumes",
  arity: atLeast(1),
  flags: formatFlags,
  complete: volumeNames,
  run: (context, { values, positionals }) =>
    inspectAll(context, positionals, values.format, async name => ({
      type: "volume.Volume",
      isStrict: true,
      text: await inspectVolumeText(context.client, name),
    })),
});
