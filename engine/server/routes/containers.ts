import type {
  ContainerCreateRequest,
  ContainerCreateResponse,
  ContainerInspect,
  ContainerSummary,
  ContainerTop,
  ContainerWaitResponse,
} from "../../api/container.ts";
import { parseDetachKeys } from "../../base/detach-keys.ts";
import { EngineError } from "../../base/errors.ts";
import type { Filters } from "../../base/filters.ts";
import type { ApiRequest } from "../request.ts";
import type { ApiResponse, Hijacked } from "../response.ts";
import type { Route } from "../router.ts";
import { type LogBatches, writeLog } from "../stdcopy.ts";

export interface AttachSelection {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: Uint8Array;
}

export interface LogSelection {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tail: string;
  readonly since: string;
  readonly until: string;
}

/** What these routes need of the engine. Errors are the engine's own. */
export interface ContainerBackend {
  create(
    name: string,
    platform: string,
    body: Partial<ContainerCreateRequest>,
  ): Promise<ContainerCreateResponse>;
  list(options: {
    all: boolean;
    limit: number;
    size: boolean;
    filters: Filters;
  }): readonly ContainerSummary[];
  inspect(name: string, size: boolean): ContainerInspect;
  start(name: string): Promise<void>;
  stop(name: string, options: { signal: string; timeout: number | undefined }): Promise<void>;
  restart(name: string, options: { signal: string; timeout: number | undefined }): Promise<void>;
  kill(name: string, signal: string): Promise<void>;
  rename(name: string, newName: string): void;
  remove(name: string, options: { force: boolean; volumes: boolean }): Promise<void>;
  resize(name: string, rows: number, columns: number): Promise<void>;
  top(name: string, psArgs: string): Promise<ContainerTop>;
  wait(name: string, condition: string): Promise<ContainerWaitResponse>;
  logs(name: string, selection: LogSelection): LogBatches;
  /** Checks that one can attach; whether the container has a terminal; and the attachment itself. */
  attach(name: string): { readonly tty: boolean; join(client: Hijacked, selection: AttachSelection): void };
}

const RAW = "application/vnd.docker.raw-stream";
const MULTIPLEXED = "application/vnd.docker.multiplexed-stream";

/** The media type of a container's streams. */
export function streamType(tty: boolean): string {
  return tty ? RAW : MULTIPLEXED;
}

function stopOptions(request: ApiRequest): { signal: string; timeout: number | undefined } {
  return { signal: request.query("signal"), timeout: request.number("t") };
}

/** The size that a resize asks for. Throws "invalid" where it has none. */
export function sizeOf(request: ApiRequest): { rows: number; columns: number } {
  const rows = request.number("h");
  const columns = request.number("w");
  if (rows === undefined || columns === undefined)
    throw new EngineError("invalid", `invalid resize height: ${JSON.stringify(request.query("h"))}`);
  return { rows, columns };
}

function logSelection(request: ApiRequest): LogSelection {
  return {
    stdout: request.flag("stdout"),
    stderr: request.flag("stderr"),
    follow: request.flag("follow"),
    timestamps: request.flag("timestamps"),
    tail: request.query("tail"),
    since: request.query("since"),
    until: request.query("until"),
  };
}

async function attach(backend: ContainerBackend, request: ApiRequest, response: ApiResponse): Promise<void> {
  const keys = request.query("detachKeys");
  const detachKeys = keys === "" ? new Uint8Array() : parseDetachKeys(keys);
  const name = request.parameter;
  const target = backend.attach(name);
  const selection = {
    stdin: request.flag("stdin"),
    stdout: request.flag("stdout"),
    stderr: request.flag("stderr"),
    detachKeys,
  };
  const batches = request.flag("logs") ? backend.logs(name, { ...PLAIN_LOGS, ...selection }) : null;
  const upgrade = request.headers.has("upgrade");
  const client = await response.hijack(streamType(target.tty), upgrade);
  if (batches) await writeLog(batches, data => client.connection.write(data));
  if (request.flag("stream")) target.join(client, selection);
  else client.connection.close();
}

const PLAIN_LOGS = { follow: false, timestamps: false, tail: "all", since: "", until: "" };

async function wait(backend: ContainerBackend, request: ApiRequest, response: ApiResponse): Promise<void> {
  const result = backend.wait(request.parameter, request.query("condition"));
  // The head goes out at once: a client may start the container as soon as it knows that we wait.
  const stream = await response.stream();
  const gone = new Promise<null>(resolve => request.onDisconnect(() => resolve(null)));
  const answer = await Promise.race([result, gone]);
  if (!answer) return;
  await stream.write(`${JSON.stringify(answer)}\n`);
  await stream.end();
}

async function logs(backend: ContainerBackend, request: ApiRequest, response: ApiResponse): Promise<void> {
  const batches = backend.logs(request.parameter, logSelection(request));
  const stream = await response.stream(streamType(batches.tty));
  request.onDisconnect(() => batches.close());
  await writeLog(batches, data => stream.write(data));
  await stream.end();
}

export function containerRoutes(backend: ContainerBackend): Route[] {
  return [
    {
      method: "POST",
      pattern: "/containers/create",
      handle: async (request, response) => {
        const body = await request.json<ContainerCreateRequest>();
        const name = request.query("name");
        await response.json(await backend.create(name, request.query("platform"), body), 201);
      },
    },
    {
      method: "GET",
      pattern: "/containers/json",
      handle: (request, response) =>
        response.json(
          backend.list({
            all: request.flag("all"),
            limit: request.number("limit") ?? 0,
            size: request.flag("size"),
            filters: request.filters(),
          }),
        ),
    },
    {
      method: "GET",
      pattern: "/containers/{id}/json",
      handle: (request, response) => response.json(backend.inspect(request.parameter, request.flag("size"))),
    },
    {
      method: "POST",
      pattern: "/containers/{id}/start",
      handle: async (request, response) => {
        await backend.start(request.parameter);
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/stop",
      handle: async (request, response) => {
        await backend.stop(request.parameter, stopOptions(request));
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/restart",
      handle: async (request, response) => {
        await backend.restart(request.parameter, stopOptions(request));
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/kill",
      handle: async (request, response) => {
        await backend.kill(request.parameter, request.query("signal"));
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/rename",
      handle: async (request, response) => {
        backend.rename(request.parameter, request.query("name"));
        await response.empty();
      },
    },
    {
      method: "DELETE",
      pattern: "/containers/{id}",
      handle: async (request, response) => {
        const options = { force: request.flag("force"), volumes: request.flag("v") };
        await backend.remove(request.parameter, options);
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/resize",
      handle: async (request, response) => {
        const { rows, columns } = sizeOf(request);
        await backend.resize(request.parameter, rows, columns);
        await response.empty(200);
      },
    },
    {
      method: "GET",
      pattern: "/containers/{id}/top",
      handle: async (request, response) => {
        await response.json(await backend.top(request.parameter, request.query("ps_args")));
      },
    },
    {
      method: "POST",
      pattern: "/containers/{id}/wait",
      handle: (request, response) => wait(backend, request, response),
    },
    {
      method: "GET",
      pattern: "/containers/{id}/logs",
      handle: (request, response) => logs(backend, request, response),
    },
    {
      method: "POST",
      pattern: "/containers/{id}/attach",
      handle: (request, response) => attach(backend, request, response),
    },
  ];
}
