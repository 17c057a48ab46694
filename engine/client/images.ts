/** The Engine API's routes below /images. */
import type { ImageDeleteItem, ImageHistoryItem, ImageSummary } from "../api/image.ts";
import type { HttpResponse } from "../sys/http/client.ts";
import type { FilterValues } from "./containers.ts";
import type { EngineClient } from "./engine-client.ts";
import { encodeFilters } from "./query.ts";

/** Names keep their slashes, as the routes have them. */
function pathOf(image: string, action: string): string {
  return `/images/${encodeURIComponent(image).replaceAll("%2F", "/")}${action}`;
}

export function listImages(
  client: EngineClient,
  options: { all?: boolean; filters?: FilterValues },
): Promise<ImageSummary[]> {
  const { all, filters } = options;
  return client.json({
    method: "GET",
    path: "/images/json",
    query: { all, filters: filters && encodeFilters(filters) },
  });
}

/** As JSON text, for those who show it as it is. */
export function inspectImageText(client: EngineClient, image: string): Promise<string> {
  return client.text({ method: "GET", path: pathOf(image, "/json") });
}

export function imageHistory(client: EngineClient, image: string): Promise<ImageHistoryItem[]> {
  return client.json({ method: "GET", path: pathOf(image, "/history") });
}

/** Starts a pull; the answer's body is a stream of progress. `tag` may be a digest. */
export function pullImage(
  client: EngineClient,
  options: { name: string; tag: string; platform: string },
): Promise<HttpResponse> {
  const { name, tag, platform } = options;
  return client.request({
    method: "POST",
    path: "/images/create",
    query: { fromImage: name, tag, platform },
  });
}

export function removeImage(
  client: EngineClient,
  image: string,
  options: { force: boolean; noPrune: boolean },
): Promise<ImageDeleteItem[]> {
  const query = { force: options.force, noprune: options.noPrune };
  return client.json({ method: "DELETE", path: pathOf(image, ""), query });
}

export function tagImage(
  client: EngineClient,
  image: string,
  target: { repository: string; tag: string },
): Promise<void> {
  const query = { repo: target.repository, tag: target.tag };
  return client.send({ method: "POST", path: pathOf(image, "/tag"), query });
}
