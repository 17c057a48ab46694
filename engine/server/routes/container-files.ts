import type { ContainerChange, ContainerPathStat } from "../../api/archive.ts";
import { toBase64 } from "../../base/base64.ts";
import { EngineError } from "../../base/errors.ts";
import type { ApiRequest } from "../request.ts";
import type { ApiResponse } from "../response.ts";
import type { Route } from "../router.ts";

/** A tar archive while it is made. */
export interface Archive {
  /** Fills at most the buffer; 0 at the end. */
  read(buffer: Uint8Array): Promise<number>;
  close(): void;
}

/** What these routes need of the engine. */
export interface ContainerFilesBackend {
  stat(name: string, path: string): ContainerPathStat;
  archive(name: string, path: string): { readonly stat: ContainerPathStat; readonly archive: Archive };
  /** `body` gives the next piece of an archive, null at its end. */
  extract(
    name: string,
    path: string,
    body: { read(): Promise<Uint8Array | null> },
    options: { copyUidGid: boolean; keepKinds: boolean },
  ): Promise<void>;
  export(name: string): Archive;
  changes(name: string): readonly ContainerChange[];
  /** UTF-8. */
  encode(text: string): Uint8Array;
}

const PIECE = 64 * 1024;

function pathOf(request: ApiRequest): string {
  const path = request.query("path");
  if (path === "") throw new EngineError("invalid", "bad parameter: pathcannot be empty");
  return path;
}

function addStat(backend: ContainerFilesBackend, response: ApiResponse, stat: ContainerPathStat): void {
  response.header("X-Docker-Container-Path-Stat", toBase64(backend.encode(JSON.stringify(stat))));
}

/** Sends an archive as fast as the client takes it. */
async function send(archive: Archive, response: ApiResponse, contentType: string): Promise<void> {
  try {
    const stream = await response.stream(contentType);
    const buffer = new Uint8Array(PIECE);
    for (let length = await archive.read(buffer); length > 0; length = await archive.read(buffer))
      await stream.write(buffer.subarray(0, length));
    await stream.end();
  } finally {
    archive.close();
  }
}

export function containerFileRoutes(backend: ContainerFilesBackend): Route[] {
  return [
    {
      method: "HEAD",
      pattern: "/containers/{id}/archive",
      handle: async (request, response) => {
        addStat(backend, response, backend.stat(request.parameter, pathOf(request)));
        await response.empty(200);
      },
    },
    {
      method: "GET",
      pattern: "/containers/{id}/archive",
      handle: async (request, response) => {
        const { stat, archive } = backend.archive(request.parameter, pathOf(request));
        addStat(backend, response, stat);
        await send(archive, response, "application/x-tar");
      },
    },
    {
      method: "PUT",
      pattern: "/containers/{id}/archive",
      handle: async (request, response) => {
        await backend.extract(request.parameter, pathOf(request), request.body, {
          copyUidGid: request.flag("copyUIDGID"),
          keepKinds: request.flag("noOverwriteDirNonDir"),
        });
        await response.empty(200);
      },
    },
    {
      method: "GET",
      pattern: "/containers/{id}/export",
      handle: (request, response) =>
        send(backend.export(request.parameter), response, "application/octet-stream"),
    },
    {
      method: "GET",
      pattern: "/containers/{id}/changes",
      handle: async (request, response) => {
        const changes = backend.changes(request.parameter);
        await response.json(changes.length > 0 ? changes : null);
      },
    },
  ];
}
