import { assert, EngineError, messageOf } from "../base/errors.ts";
import {
  defaultDomain,
  familiarName,
  familiarString,
  nameOf,
  type Reference,
  withDigest,
} from "../base/reference.ts";
import type { Bytes, Unpacked } from "../sys/bytes.ts";
import type { Clock } from "../sys/clock.ts";
import type { Files } from "../sys/files.ts";
import type { HttpResponse } from "../sys/http/client.ts";
import type { Image, ImageStore } from "./image-store.ts";
import type { Layer, LayerStore } from "./layer-store.ts";
import { parseImageConfig } from "./image-config.ts";
import {
  type Descriptor,
  formatPlatform,
  isIndex,
  type Manifest,
  parseIndex,
  parseManifest,
  type Platform,
  selectPlatform,
} from "./manifest.ts";
import { LayerProgress, type ProgressMessage } from "./pull-progress.ts";
import type { ReferenceStore } from "./reference-store.ts";
import {
  type Endpoint,
  type FetchedManifest,
  parseEndpoint,
  type RegistryClient,
  RegistryError,
} from "./registry-client.ts";

/** Where images are pulled from, as daemon.json says it. */
export interface RegistrySettings {
  /** "registry-mirrors": URLs that stand in for Docker Hub. */
  readonly mirrors: readonly string[];
  /** Downloads of one pull at a time. */
  readonly parallelDownloads: number;
}

/** What a pull has brought. */
export interface PullResult {
  readonly image: Image;
  readonly digest: string;
  /** False where the name meant this image already. */
  readonly changed: boolean;
}

type Report = (message: ProgressMessage) => void;

const EXTRACT_CHUNK = 64 * 1024;
const OFFICIAL_HOST = "registry-1.docker.io";
const PLAIN_HTTP_HOSTS = /^(localhost|127\.\d+\.\d+\.\d+)$/;

/** The error of the whole pull, in the words that Docker finds for a registry's answer. */
function translate(error: unknown, reference: Reference): unknown {
  if (!(error instanceof RegistryError)) return error;
  const answer = `${error.code.toLowerCase().replaceAll("_", " ")}: ${error.message}`;
  switch (error.code) {
    case "DENIED":
    case "UNAUTHORIZED": {
      const problem = "repository does not exist or may require 'docker login'";
      return new EngineError(
        "not-found",
        `pull access denied for ${familiarName(reference)}, ${problem}: ${answer}`,
      );
    }
    case "MANIFEST_UNKNOWN":
      return new EngineError("not-found", `manifest for ${familiarString(reference)} not found: ${answer}`);
    case "NAME_UNKNOWN":
      return new EngineError("not-found", `repository ${familiarName(reference)} not found: ${answer}`);
    default:
      return new EngineError(error.kind, answer, { cause: error });
  }
}

/** Brings images from registries into the stores. */
export class Puller {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #clock: Clock;
  readonly #client: RegistryClient;
  readonly #layers: LayerStore;
  readonly #images: ImageStore;
  readonly #references: ReferenceStore;
  readonly #settings: RegistrySettings;
  readonly #temporary: string;

  /** `root` is the data root, whose tmp/ holds downloads. */
  constructor(
    sys: { files: Files; bytes: Bytes; clock: Clock },
    stores: { layers: LayerStore; images: ImageStore; references: ReferenceStore },
    client: RegistryClient,
    settings: RegistrySettings,
    root: string,
  ) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#clock = sys.clock;
    this.#client = client;
    this.#layers = stores.layers;
    this.#images = stores.images;
    this.#references = stores.references;
    this.#settings = settings;
    this.#temporary = `${root}/tmp`;
    this.#files.removeTree(this.#temporary);
    this.#files.makeDirectories(this.#temporary, 0o700);
  }

  /** Pulls one reference with tag or digest. Throws in Docker's words; what was half done is removed. */
  async pull(reference: Reference, platform: Platform, report: Report): Promise<PullResult> {
    const problems: unknown[] = [];
    for (const endpoint of this.#endpoints(reference)) {
      try {
        return await this.#pullFrom(endpoint, reference, platform, report);
      } catch (error) {
        problems.push(error);
      }
    }
    // What a registry said tells more than that the next one could not be reached.
    const problem = problems.findLast(error => error instanceof RegistryError) ?? problems.at(-1);
    throw translate(problem, reference);
  }

  #endpoints(reference: Reference): Endpoint[] {
    if (reference.domain === defaultDomain) {
      const mirrors = this.#settings.mirrors.map(parseEndpoint);
      return mirrors.length > 0 ? mirrors : [{ host: OFFICIAL_HOST, port: 443, secure: true }];
    }
    const [host = "", port] = reference.domain.split(":");
    const plain = PLAIN_HTTP_HOSTS.test(host);
    return [{ host, port: Number(port ?? (plain ? 80 : 443)), secure: !plain }];
  }

  async #pullFrom(
    endpoint: Endpoint,
    reference: Reference,
    platform: Platform,
    report: Report,
  ): Promise<PullResult> {
    const wanted = reference.digest ?? reference.tag;
    assert(wanted !== undefined, "a reference to pull has a tag or digest");
    const outer = await this.#client.manifest(endpoint, reference.path, wanted);
    report({ status: `Pulling from ${repositoryShown(reference)}`, id: wanted });
    const inner = await this.#forPlatform(endpoint, reference, outer, platform);
    const manifest = parseManifest(inner);
    const configText = await this.#config(endpoint, reference, manifest.config);
    const image = await this.#download(endpoint, reference, manifest, configText, report);
    const changed = this.#tag(reference, image, outer.digest);
    const { os, architecture } = image.config;
    if (os !== platform.os || architecture !== platform.architecture)
      report({
        status:
          `image with reference ${familiarString(reference)} was found but its platform ` +
          `(${formatPlatform(image.config)}) does not match the specified platform (${formatPlatform(platform)})`,
      });
    return { image, digest: outer.digest, changed };
  }

  async #forPlatform(
    endpoint: Endpoint,
    reference: Reference,
    fetched: FetchedManifest,
    platform: Platform,
  ): Promise<FetchedManifest> {
    if (!isIndex(fetched)) return fetched;
    const { digest } = selectPlatform(parseIndex(fetched), platform);
    return this.#client.manifest(endpoint, reference.path, digest);
  }

  async #config(endpoint: Endpoint, reference: Reference, config: Descriptor): Promise<string> {
    const response = await this.#client.blob(endpoint, reference.path, config.digest);
    const text = await response.text();
    if (`sha256:${this.#bytes.sha256(text)}` !== config.digest)
      throw new EngineError("system", "image config verification failed for digest " + config.digest);
    return text;
  }

  /** Downloads the layers that are missing, extracts them in order, and adds the image. */
  async #download(
    endpoint: Endpoint,
    reference: Reference,
    manifest: Manifest,
    configText: string,
    report: Report,
  ): Promise<Image> {
    const diffIds = parseImageConfig(configText).rootfs.diff_ids;
    if (diffIds.length !== manifest.layers.length)
      throw new EngineError("invalid", "the image config and its manifest differ in their number of layers");
    const progress = manifest.layers.map(layer => new LayerProgress(layer.digest, this.#clock, report));
    const held: Layer[] = [];
    let top: Layer | null = null;
    for (const diffId of diffIds) {
      const existing = this.#layers.find(top, diffId);
      if (!existing) break;
      progress[held.length]?.state("Already exists");
      held.push(this.#layers.use(existing));
      top = existing;
    }
    const missing = manifest.layers.slice(held.length);
    const progressOfMissing = progress.slice(held.length);
    for (const layer of progressOfMissing) layer.state("Pulling fs layer");
    const downloads = this.#startDownloads(endpoint, reference, missing, progressOfMissing);
    try {
      for (const [index, layer] of missing.entries()) {
        const path = await downloads[index];
        const layerProgress = progressOfMissing[index];
        assert(path !== undefined && layerProgress, "every missing layer is downloaded");
        const diffId = diffIds[held.length] ?? "";
        top = await this.#layers.add(top, directory =>
          this.#extract(path, layer, diffId, directory, layerProgress),
        );
        held.push(top);
        this.#files.removeFile(path);
        layerProgress.state("Pull complete");
      }
      return this.#images.add(configText);
    } finally {
      for (const layer of held) this.#layers.release(layer);
      const paths = await Promise.allSettled(downloads);
      for (const path of paths) if (path.status === "fulfilled") this.#files.removeFile(path.value);
    }
  }

  /** Starts all downloads, a few at a time. Each promise is of a file that holds the verified blob. */
  #startDownloads(
    endpoint: Endpoint,
    reference: Reference,
    layers: readonly Descriptor[],
    progress: readonly LayerProgress[],
  ): Promise<string>[] {
    const { parallelDownloads } = this.#settings;
    const downloads: Promise<string>[] = [];
    let failed = false; // then nobody wants those that have not begun
    for (const [index, layer] of layers.entries()) {
      const layerProgress = progress[index];
      assert(layerProgress, "every layer has its progress");
      const before = downloads[index - parallelDownloads];
      if (before) layerProgress.state("Waiting");
      const download = (async () => {
        await before;
        if (failed) throw new EngineError("cancelled", "another layer could not be downloaded");
        return this.#fetch(endpoint, reference, layer, layerProgress);
      })();
      // It is awaited in order, perhaps after another has failed.
      download.catch(() => {
        failed = true;
      });
      downloads.push(download);
    }
    return downloads;
  }

  async #fetch(
    endpoint: Endpoint,
    reference: Reference,
    layer: Descriptor,
    progress: LayerProgress,
  ): Promise<string> {
    const path = `${this.#temporary}/GetImageBlob${this.#bytes.randomHex(5)}`;
    const response = await this.#client.blob(endpoint, reference.path, layer.digest);
    try {
      const digest = await this.#store(response, path, layer.size, progress);
      progress.state("Verifying Checksum");
      if (digest !== layer.digest)
        throw new EngineError("system", `filesystem layer verification failed for digest ${layer.digest}`);
      progress.state("Download complete");
      return path;
    } catch (error) {
      this.#files.removeFile(path);
      throw new EngineError("system", messageOf(error), { cause: error });
    } finally {
      response.close();
    }
  }

  /** Writes a body to a file, and stops where it becomes larger than expected. Returns the digest of what came. */
  async #store(response: HttpResponse, path: string, size: number, progress: LayerProgress): Promise<string> {
    const hasher = this.#bytes.createSha256();
    const file = this.#files.openWrite(path);
    try {
      let received = 0;
      for (let piece = await response.body.read(); piece; piece = await response.body.read()) {
        received += piece.length;
        if (received > size) break;
        file.write(piece);
        hasher.update(piece);
        progress.bytes("Downloading", received, size);
      }
      return `sha256:${hasher.hex()}`;
    } finally {
      file.close();
    }
  }

  async #extract(
    path: string,
    layer: Descriptor,
    diffId: string,
    directory: string,
    progress: LayerProgress,
  ): Promise<Unpacked> {
    const unpacker = this.#bytes.createUnpacker(directory, { whiteouts: true });
    const file = this.#files.openRead(path);
    const buffer = new Uint8Array(EXTRACT_CHUNK);
    try {
      let done = 0;
      for (let length = file.read(buffer); length > 0; length = file.read(buffer)) {
        unpacker.write(buffer.subarray(0, length));
        done += length;
        progress.bytes("Extracting", done, layer.size);
        await this.#breathe();
      }
      const unpacked = unpacker.end();
      if (`sha256:${unpacked.diffId}` !== diffId)
        throw new EngineError(
          "system",
          `layer ${layer.digest} does not hold what its image says (${diffId})`,
        );
      return unpacked;
    } catch (error) {
      throw new EngineError("system", `failed to register layer: ${messageOf(error)}`, { cause: error });
    } finally {
      file.close();
    }
  }

  /** Lets others have the event loop. */
  #breathe(): Promise<void> {
    return new Promise(resolve => {
      this.#clock.after(0, resolve);
    });
  }

  /** Points the name, and the name with the digest, at the image. Returns whether that changed anything. */
  #tag(reference: Reference, image: Image, digest: string): boolean {
    const canonical = withDigest({ ...reference, tag: undefined }, digest);
    const before = this.#references.get(reference);
    if (reference.digest === undefined && before !== image.id) {
      this.#references.set(reference, image.id);
      this.#images.setTagTime(image, this.#clock.timestamp());
    }
    if (this.#references.get(canonical) === undefined) this.#references.set(canonical, image.id);
    return before !== image.id;
  }
}

/** "library/busybox" for Docker Hub, "host/name" elsewhere. */
function repositoryShown(reference: Reference): string {
  return reference.domain === defaultDomain ? reference.path : nameOf(reference);
}
