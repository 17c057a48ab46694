import type { ImageDeleteItem, ImageHistoryItem, ImageInspect, ImageSummary } from "../../api/image.ts";
import type { ProgressLine } from "../../api/system.ts";
import { EngineError, messageOf } from "../../base/errors.ts";
import type { Filters } from "../../base/filters.ts";
import type { ApiRequest } from "../request.ts";
import type { ApiResponse } from "../response.ts";
import type { Route } from "../router.ts";

/** What these routes need of the engine. */
export interface ImageBackend {
  list(all: boolean, filters: Filters): readonly ImageSummary[];
  inspect(name: string): ImageInspect;
  history(name: string): readonly ImageHistoryItem[];
  /** Checks the names at once, and returns the pull itself. */
  pull(image: string, tag: string, platform: string): (report: (line: ProgressLine) => void) => Promise<void>;
  remove(name: string, options: { force: boolean; noPrune: boolean }): readonly ImageDeleteItem[];
  tag(name: string, repository: string, tag: string): void;
}

async function create(backend: ImageBackend, request: ApiRequest, response: ApiResponse): Promise<void> {
  const image = request.query("fromImage");
  if (image === "") throw new EngineError("not-implemented", "import from a source is not supported yet");
  const pull = backend.pull(image, request.query("tag"), request.query("platform"));
  // Nothing is sent before the first progress: until then a failure can still be an error answer.
  let opened: ReturnType<ApiResponse["stream"]> | null = null;
  let last: Promise<void> = Promise.resolve();
  const send = (line: ProgressLine): void => {
    opened ??= response.stream();
    const stream = opened;
    last = last.then(async () => (await stream).write(`${JSON.stringify(line)}\r\n`)).catch(() => {});
  };
  try {
    await pull(send);
  } catch (error) {
    if (!opened) throw error;
    const message = messageOf(error);
    send({ errorDetail: { message }, error: message });
  }
  opened ??= response.stream();
  await last;
  await (await opened).end();
}

export function imageRoutes(backend: ImageBackend): Route[] {
  return [
    {
      method: "GET",
      pattern: "/images/json",
      handle: (request, response) => response.json(backend.list(request.flag("all"), request.filters())),
    },
    {
      method: "POST",
      pattern: "/images/create",
      handle: (request, response) => create(backend, request, response),
    },
    {
      method: "GET",
      pattern: "/images/{name}/json",
      handle: (request, response) => response.json(backend.inspect(request.parameter)),
    },
    {
      method: "GET",
      pattern: "/images/{name}/history",
      handle: (request, response) => response.json(backend.history(request.parameter)),
    },
    {
      method: "POST",
      pattern: "/images/{name}/tag",
      handle: async (request, response) => {
        backend.tag(request.parameter, request.query("repo"), request.query("tag"));
        await response.empty(201);
      },
    },
    {
      method: "DELETE",
      pattern: "/images/{name}",
      handle: (request, response) => {
        const options = { force: request.flag("force"), noPrune: request.flag("noprune") };
        return response.json(backend.remove(request.parameter, options));
      },
    },
  ];
}
