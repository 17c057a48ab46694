import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../engine/base/errors.ts";
import { checkedList, checkedMap, checkedRecord, checkedText } from "./checked.ts";
import { type Dockerfile, type ImageName, parseDockerfile } from "./dockerfile.ts";
import { blobPath, taggedImage } from "./hub.ts";
import { type Descriptor, checkDescriptor } from "./hub-index.ts";
import type { BaseImage, History, ImageConfig } from "./oci.ts";
import type { Recipe } from "./recipe.ts";

/** The Dockerfile of a recipe that makes an image. */
export async function readDockerfile(root: string, { image }: Recipe): Promise<Dockerfile | undefined> {
  return image && parseDockerfile(await readFile(join(root, image.dockerfile), "utf8"));
}

/** Reads an image of the hub that another starts from. Fails as `not-found` where it was not built. */
export async function readBaseImage(
  dist: string,
  name: ImageName,
): Promise<BaseImage & { readonly digest: string }> {
  const tagged = await taggedImage(dist, name);
  if (!tagged) {
    throw new EngineError("not-found", `the hub has no ${name.repository}:${name.tag} to start from`);
  }
  const { manifests } = await readJson(dist, tagged);
  const [manifest] = checkedList(manifests, "manifests");
  const { config, layers } = await readJson(dist, checkDescriptor(manifest, "manifest"));
  const image = await readJson(dist, checkDescriptor(config, "config"));
  const { diff_ids: diffIds } = checkedRecord(image["rootfs"], "rootfs");
  return {
    digest: tagged.digest,
    config: checkConfig(image["config"]),
    layers: checkedList(layers, "layers").map(layer => checkDescriptor(layer, "layer")),
    diffIds: texts(diffIds, "diff_ids"),
    history: checkedList(image["history"], "history").map(checkHistory),
  };
}

async function readJson(dist: string, { digest }: Descriptor): Promise<Readonly<Record<string, unknown>>> {
  return checkedRecord(JSON.parse(await readFile(blobPath(dist, digest), "utf8")), digest);
}

function texts(value: unknown, what: string): string[] {
  return checkedList(value, what).map(item => checkedText(item, what));
}

function checkConfig(value: unknown): ImageConfig {
  const found = checkedRecord(value, "config");
  const { User, WorkingDir, Entrypoint, Cmd, StopSignal, Labels, ExposedPorts, Volumes } = found;
  const config: ImageConfig = { Env: texts(found["Env"], "Env") };
  if (User !== undefined) config.User = checkedText(User, "User");
  if (WorkingDir !== undefined) config.WorkingDir = checkedText(WorkingDir, "WorkingDir");
  if (Entrypoint !== undefined) config.Entrypoint = texts(Entrypoint, "Entrypoint");
  if (Cmd !== undefined) config.Cmd = texts(Cmd, "Cmd");
  if (StopSignal !== undefined) config.StopSignal = checkedText(StopSignal, "StopSignal");
  if (Labels !== undefined) config.Labels = checkedMap(Labels, "Labels", checkedText);
  if (ExposedPorts !== undefined)
    config.ExposedPorts = checkedMap(ExposedPorts, "ExposedPorts", checkedRecord);
  if (Volumes !== undefined) config.Volumes = checkedMap(Volumes, "Volumes", checkedRecord);
  return config;
}

function checkHistory(value: unknown): History {
  const { created, created_by: createdBy, empty_layer: isEmpty } = checkedRecord(value, "history");
  return {
    created: checkedText(created, "history: created"),
    created_by: checkedText(createdBy, "history: created_by"),
    ...(isEmpty === true ? { empty_layer: true } : {}),
  };
}
