import { EngineError } from "../../engine/base/errors.ts";

/** One instruction of the subset that our own base images use. */
export type Instruction =
  | { readonly kind: "ADD" | "COPY"; readonly sources: readonly string[]; readonly target: string }
  | { readonly kind: "ENV" | "LABEL"; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly kind: "CMD" | "ENTRYPOINT"; readonly argv: readonly string[] }
  | { readonly kind: "EXPOSE" | "VOLUME"; readonly values: readonly string[] }
  | { readonly kind: "WORKDIR" | "USER" | "STOPSIGNAL"; readonly value: string };

/** An instruction with its text, which becomes the image's history. */
export interface Step {
  readonly instruction: Instruction;
  readonly text: string;
}

/** A Dockerfile that builds without an engine. */
export interface Dockerfile {
  /** The image that it starts from, an image of the hub; undefined for `scratch`. */
  readonly base: ImageName | undefined;
  readonly steps: readonly Step[];
}

/** An image of the hub. */
export interface ImageName {
  /** With the `library/` that Docker adds to a name of one word. */
  readonly repository: string;
  readonly tag: string;
}

/**
 * Parses a Dockerfile that runs nothing: FROM scratch or another image of the hub, ADD, COPY, ENV, LABEL, CMD and
 * ENTRYPOINT in JSON form, EXPOSE, VOLUME, WORKDIR, USER and STOPSIGNAL. Whatever else Docker knows is refused by name.
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== "" && !line.startsWith("#"));
  const [first, ...rest] = lines;
  const steps = rest.map(line => ({
    instruction: parseInstruction(line),
    text: line.replaceAll(/\s+/g, " "),
  }));
  return { base: parseFrom(first ?? ""), steps };
}

function parseFrom(line: string): ImageName | undefined {
  const [, name, tag = "latest"] = /^FROM\s+([a-z0-9._/-]+)(?::([\w.-]+))?$/i.exec(line) ?? [];
  if (name === undefined) {
    throw new EngineError(
      "invalid",
      `the first instruction must be FROM and an image, not ${JSON.stringify(line)}`,
    );
  }
  if (name === "scratch") return undefined;
  return { repository: name.includes("/") ? name : `library/${name}`, tag };
}

function parseInstruction(line: string): Instruction {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  const kind = word.toUpperCase();
  if (rest.startsWith("--"))
    throw new EngineError("invalid", `${kind}: options are not supported here: ${line}`);
  switch (kind) {
    case "ADD":
    case "COPY": {
      const words = rest.split(/\s+/);
      const target = words.pop();
      if (!target || words.length === 0)
        throw new EngineError("invalid", `${kind} needs a source and a target`);
      return { kind, sources: words, target };
    }
    case "ENV":
    case "LABEL":
      return { kind, pairs: parsePairs(rest, kind) };
    case "CMD":
    case "ENTRYPOINT":
      return { kind, argv: parseJsonList(rest, kind) };
    case "EXPOSE":
    case "VOLUME":
      return { kind, values: rest.startsWith("[") ? parseJsonList(rest, kind) : rest.split(/\s+/) };
    case "WORKDIR":
    case "USER":
    case "STOPSIGNAL":
      if (rest === "") throw new EngineError("invalid", `${kind} needs a value`);
      return { kind, value: rest };
    default:
      throw new EngineError(
        "invalid",
        `${kind} is not supported in an image built without an engine: ${line}`,
      );
  }
}

function parsePairs(text: string, kind: string): [string, string][] {
  const pairs: [string, string][] = [];
  const rest = text.replaceAll(
    /([^\s=]+)=("([^"]*)"|\S*)\s*/g,
    (_, key: string, raw: string, quoted?: string) => {
      pairs.push([key, quoted ?? raw]);
      return "";
    },
  );
  if (rest !== "" || pairs.length === 0) throw new EngineError("invalid", `${kind} needs KEY=VALUE: ${text}`);
  return pairs;
}

function parseJsonList(text: string, kind: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EngineError("invalid", `${kind} must be a JSON list: ${text}`, { cause });
  }
  if (!Array.isArray(value) || !value.every(item => typeof item === "string")) {
    throw new EngineError("invalid", `${kind} must be a JSON list of strings: ${text}`);
  }
  return value;
}
