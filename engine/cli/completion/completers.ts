/** Candidates that several commands offer. */
import type { ContainerSummary } from "../../api/container.ts";
import { listContainers } from "../../client/containers.ts";
import { listImages } from "../../client/images.ts";
import { listVolumes } from "../../client/volumes.ts";
import { type Candidates, type Completer, Directive } from "./completer.ts";

const failed: Candidates = { words: [], directive: Directive.error };

/** Nothing, not even files. */
export const noCandidates: Completer = () => ({ words: [], directive: Directive.noFiles });

/** Files only. */
export const fileNames: Completer = () => ({ words: [], directive: Directive.default });

/** One of these. */
export function oneOf(...words: readonly string[]): Completer {
  return () => ({ words, directive: Directive.noFiles });
}

/** Names of containers; with `all`, also of those that don't run. */
export function containerNames(
  all: boolean,
  passes: (container: ContainerSummary) => boolean = () => true,
): Completer {
  return async context => {
    try {
      const containers = await listContainers(context.client, { all });
      const withIds = context.session.env("DOCKER_COMPLETION_SHOW_CONTAINER_IDS") === "yes";
      const words = containers
        .filter(passes)
        .flatMap(({ Id: id, Names: names }) => [
          ...(withIds ? [id] : []),
          ...names.map(name => name.slice(1)),
        ]);
      return { words, directive: Directive.noFiles };
    } catch {
      return failed;
    }
  };
}

/** Names of images, for the first so many arguments. */
export function imageNames(limit = Number.POSITIVE_INFINITY): Completer {
  return async (context, args) => {
    if (args.length >= limit) return { words: [], directive: Directive.noFiles };
    try {
      const images = await listImages(context.client, {});
      return { words: images.flatMap(image => image.RepoTags), directive: Directive.noFiles };
    } catch {
      return failed;
    }
  };
}

/** Names of volumes. */
export const volumeNames: Completer = async context => {
  try {
    const volumes = await listVolumes(context.client);
    return { words: volumes.map(({ Name: name }) => name), directive: Directive.noFiles };
  } catch {
    return failed;
  }
};

/** What `-v` may start with: names of volumes, and of files. */
export const volumeSources: Completer = async (context, args, word) => {
  const { words } = /^[./~]|:/.test(word) ? { words: [] } : await volumeNames(context, args, word);
  return { words: words.map(name => `${name}:`), directive: Directive.noSpace };
};

/** Names of the user's own variables. */
export const variableNames: Completer = ({ session }) => ({
  words: session.environment().map(entry => entry.split("=", 1)[0] ?? ""),
  directive: Directive.noFiles,
});

/** The platforms that images are commonly made for. */
export const platforms = oneOf(
  ..."linux/386 linux/amd64 linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm64 linux/arm64/v8".split(
    " ",
  ),
  ..."linux/ppc64le linux/s390x linux/riscv64 windows/amd64 wasip1/wasm".split(" "),
);
