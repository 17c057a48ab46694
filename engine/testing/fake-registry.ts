import { gzipSync } from "node:zlib";
import { MediaType } from "../image/registry-client.ts";
import type { FakeSys } from "../sys/fake/sys.ts";
import { tarOf } from "../sys/fake/tar.ts";
import { HttpReader } from "../sys/http/reader.ts";
import type { Connection } from "../sys/streams.ts";
import { imageConfig, type ImageRecipe, type LayerFiles } from "./fake-images.ts";

/** What a registry answers to a path. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Sends only so many bytes of the body, and hangs up. */
  readonly cutAt?: number;
}

/** An image that a registry serves. */
export interface Served {
  /** Of the manifest. */
  readonly digest: string;
  readonly manifest: string;
  readonly config: string;
  /** Of the blobs of its layers. */
  readonly layers: readonly string[];
  readonly diffIds: readonly string[];
}

const HOST = "10.0.0.9";

function sizeOf(body: Uint8Array | string): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.length;
}

/** A registry on a fake machine, at 10.0.0.9:80 unless told otherwise. Tests change its answers as they like. */
export class FakeRegistry {
  /** By path. */
  readonly answers = new Map<string, Answer>();
  /** What was asked for, in order. */
  readonly requests: string[] = [];
  /** Called before an answer to a path is sent; the answer waits for it. */
  beforeAnswer: (path: string) => Promise<void> | void = () => {};
  /** The most answers that were under way at the same time. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #sys: FakeSys;

  constructor(sys: FakeSys, port = 80) {
    this.#sys = sys;
    sys.sockets.listenTcp(HOST, port, connection => {
      this.#serve(connection).catch(() => connection.close()); // the client may have hung up
    });
  }

  digestOf(body: Uint8Array | string): string {
    return `sha256:${this.#sys.bytes.sha256(body)}`;
  }

  /** Serves an image under a name and tag. */
  serve(repository: string, tag: string, layers: readonly LayerFiles[], recipe: ImageRecipe = {}): Served {
    const archives = layers.map(files => tarOf(files));
    const blobs = archives.map(archive => Uint8Array.from(gzipSync(archive)));
    const config = imageConfig(
      archives.map(archive => this.digestOf(archive)),
      recipe,
    );
    const descriptors = blobs.map(blob => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      digest: this.digestOf(blob),
      size: blob.length,
    }));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: this.digestOf(config),
        size: sizeOf(config),
      },
      layers: descriptors,
    });
    for (const body of [config, ...blobs])
      this.answers.set(`/v2/${repository}/blobs/${this.digestOf(body)}`, { body });
    const digest = this.serveManifest(repository, tag, manifest, MediaType.ociManifest);
    return {
      digest,
      manifest,
      config,
      layers: descriptors.map(descriptor => descriptor.digest),
      diffIds: archives.map(archive => this.digestOf(archive)),
    };
  }

  /** Serves a manifest or an index under a tag and by its digest; returns that. */
  serveManifest(repository: string, tag: string, text: string, type: string): string {
    const digest = this.digestOf(text);
    for (const reference of [tag, digest])
      this.answers.set(`/v2/${repository}/manifests/${reference}`, { type, body: text });
    return digest;
  }

  /** Serves an index of images by platform. */
  serveIndex(repository: string, tag: string, images: Readonly<Record<string, Served>>): string {
    const manifests = Object.entries(images).map(([platform, { digest, manifest }]) => {
      const [os, architecture, variant] = platform.split("/");
      return {
        mediaType: MediaType.ociManifest,
        digest,
        size: sizeOf(manifest),
        platform: { os, architecture, ...(variant ? { variant } : {}) },
      };
    });
    const text = JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests });
    return this.serveManifest(repository, tag, text, MediaType.ociIndex);
  }

  /** Answers a path with an error of the distribution API. */
  refuse(path: string, status: number, code: string, message: string): void {
    this.answers.set(path, { status, body: JSON.stringify({ errors: [{ code, message }] }) });
  }

  async #serve(connection: Connection): Promise<void> {
    const head = await new HttpReader(connection, this.#sys.bytes).head();
    const path = head?.[1].split(" ")[1] ?? "";
    this.requests.push(path);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    try {
      await this.beforeAnswer(path);
      await this.#answer(connection, this.answers.get(path) ?? unknown);
    } finally {
      this.#atOnce--;
      connection.close();
    }
  }

  async #answer(connection: Connection, answer: Answer): Promise<void> {
    const { status = 200, type = "application/octet-stream", headers = {}, body } = answer;
    const bytes = typeof body === "string" ? this.#sys.bytes.encode(body) : body;
    const fields = { "Content-Type": type, "Content-Length": `${bytes.length}`, ...headers };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    await connection.write(`HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`);
    await connection.write(bytes.subarray(0, answer.cutAt ?? bytes.length));
  }
}

const unknown: Answer = {
  status: 404,
  body: JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }),
};
