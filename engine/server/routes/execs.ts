import type { ExecCreateRequest, ExecInspect, ExecStartRequest } from "../../api/container.ts";
import { messageOf } from "../../base/errors.ts";
import type { ApiRequest } from "../request.ts";
import type { ApiResponse, Hijacked } from "../response.ts";
import type { Route } from "../router.ts";
import { frame } from "../stdcopy.ts";
import { sizeOf, streamType } from "./containers.ts";

/** A terminal's size. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** What these routes need of the engine. */
export interface ExecBackend {
  create(container: string, body: Partial<ExecCreateRequest>): string;
  inspect(id: string): ExecInspect;
  /** Checks that the exec can be started. */
  prepare(id: string): {
    readonly tty: boolean;
    start(client: Hijacked | null, size: Size | null): Promise<void>;
  };
  resize(id: string, rows: number, columns: number): Promise<void>;
  /** UTF-8. */
  encode(text: string): Uint8Array;
}

function sizeFrom(body: Partial<ExecStartRequest>): Size | null {
  if (!body.ConsoleSize) return null;
  const [rows, columns] = body.ConsoleSize;
  return { rows, columns };
}

async function start(backend: ExecBackend, request: ApiRequest, response: ApiResponse): Promise<void> {
  const body = await request.json<ExecStartRequest>();
  const exec = backend.prepare(request.parameter);
  if (body.Detach) {
    await exec.start(null, sizeFrom(body));
    await response.empty(200);
    return;
  }
  const client = await response.hijack(streamType(exec.tty), request.headers.has("upgrade"));
  try {
    await exec.start(client, sizeFrom(body));
  } catch (error) {
    // The head is out, so the reason goes where the output would have gone, as Docker does.
    const text = backend.encode(`${messageOf(error)}\r\n`);
    await client.connection.write(exec.tty ? text : frame("stdout", text)).catch(() => {});
    client.connection.close();
  }
}

export function execRoutes(backend: ExecBackend): Route[] {
  return [
    {
      method: "POST",
      pattern: "/containers/{id}/exec",
      handle: async (request, response) => {
        const body = await request.json<ExecCreateRequest>();
        await response.json({ Id: backend.create(request.parameter, body) }, 201);
      },
    },
    {
      method: "POST",
      pattern: "/exec/{id}/start",
      handle: (request, response) => start(backend, request, response),
    },
    {
      method: "POST",
      pattern: "/exec/{id}/resize",
      handle: async (request, response) => {
        const { rows, columns } = sizeOf(request);
        await backend.resize(request.parameter, rows, columns);
        await response.empty(200);
      },
    },
    {
      method: "GET",
      pattern: "/exec/{id}/json",
      handle: (request, response) => response.json(backend.inspect(request.parameter)),
    },
  ];
}
