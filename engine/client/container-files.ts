/** The Engine API's routes about containers' files. Archives are tar. */
import type { ContainerChange, ContainerPathStat } from "../api/archive.ts";
import { fromBase64 } from "../base/base64.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { HttpResponse } from "../sys/http/client.ts";
import type { EngineClient } from "./engine-client.ts";

const STAT_HEADER = "x-docker-container-path-stat";

function pathOf(container: string, action: string): string {
  return `/containers/${encodeURIComponent(container)}${action}`;
}

function statOf({ headers }: HttpResponse, bytes: Bytes): ContainerPathStat {
  try {
    const stat: ContainerPathStat = JSON.parse(bytes.decode(fromBase64(headers.get(STAT_HEADER) ?? "")));
    return stat;
  } catch (error) {
    const what = `unable to decode container path stat header: ${messageOf(error)}`;
    throw new EngineError("system", what, { cause: error });
  }
}

/** What a path of a container is. Throws "not-found" where nothing is there. */
export async function containerPathStat(
  client: EngineClient,
  container: string,
  path: string,
  bytes: Bytes,
): Promise<ContainerPathStat> {
  const request = { method: "HEAD", path: pathOf(container, "/archive"), query: { path } } as const;
  const response = await client.request(request);
  const stat = statOf(response, bytes);
  await response.text(); // there is none, but the connection is free only then
  return stat;
}

/** A file or directory of a container: what it is, and the archive as the answer's body. */
export async function readArchive(
  client: EngineClient,
  container: string,
  path: string,
  bytes: Bytes,
): Promise<{ stat: ContainerPathStat; response: HttpResponse }> {
  const request = { method: "GET", path: pathOf(container, "/archive"), query: { path } } as const;
  const response = await client.request(request);
  return { stat: statOf(response, bytes), response };
}

/** Unpacks an archive into a directory of a container while it comes. Directories stay directories, files files. */
export function writeArchive(
  client: EngineClient,
  container: string,
  path: string,
  content: AsyncIterable<Uint8Array>,
  options: { copyUidGid: boolean },
): Promise<void> {
  const query = { path, noOverwriteDirNonDir: "true", copyUIDGID: options.copyUidGid ? "true" : "" };
  return client.send({ method: "PUT", path: pathOf(container, "/archive"), query, content });
}

/** null where the container has changed nothing. */
export function containerChanges(
  client: EngineClient,
  container: string,
): Promise<readonly ContainerChange[] | null> {
  return client.json({ method: "GET", path: pathOf(container, "/changes") });
}

/** All files of a container; the archive is the answer's body. */
export function exportContainer(client: EngineClient, container: string): Promise<HttpResponse> {
  return client.request({ method: "GET", path: pathOf(container, "/export") });
}
