/** The Engine API's routes below /containers and /exec. */
import type {
  ContainerCreateRequest,
  ContainerCreateResponse,
  ContainerInspect,
  ContainerSummary,
  ContainerTop,
  ContainerWaitResponse,
  ExecCreateRequest,
  ExecInspect,
  ExecStartRequest,
} from "../api/container.ts";
import type { HttpResponse } from "../sys/http/client.ts";
import type { EngineClient, Hijacked } from "./engine-client.ts";
import { encodeFilters } from "./query.ts";

export type FilterValues = ReadonlyMap<string, readonly string[]>;

function pathOf(container: string, action: string): string {
  return `/containers/${encodeURIComponent(container)}${action}`;
}

export function listContainers(
  client: EngineClient,
  options: { all?: boolean; limit?: number; size?: boolean; filters?: FilterValues },
): Promise<ContainerSummary[]> {
  const { all, limit, size, filters } = options;
  return client.json({
    method: "GET",
    path: "/containers/json",
    query: {
      all,
      limit: limit && limit > 0 ? limit : undefined,
      size,
      filters: filters && encodeFilters(filters),
    },
  });
}

export function createContainer(
  client: EngineClient,
  options: { name: string; platform: string; body: ContainerCreateRequest },
): Promise<ContainerCreateResponse> {
  const { name, platform, body } = options;
  return client.json({ method: "POST", path: "/containers/create", query: { name, platform }, body });
}

/** As JSON text, for those who show it as it is. */
export function inspectContainerText(client: EngineClient, container: string, size = false): Promise<string> {
  return client.text({ method: "GET", path: pathOf(container, "/json"), query: { size } });
}

export function inspectContainer(client: EngineClient, container: string): Promise<ContainerInspect> {
  return client.json({ method: "GET", path: pathOf(container, "/json") });
}

export function startContainer(client: EngineClient, container: string): Promise<void> {
  return client.send({ method: "POST", path: pathOf(container, "/start") });
}

/** `timeout` in seconds; undefined leaves both to the container's own configuration. */
export interface StopOptions {
  readonly signal: string;
  readonly timeout: number | undefined;
}

export function stopContainer(client: EngineClient, container: string, options: StopOptions): Promise<void> {
  const query = { signal: options.signal, t: options.timeout };
  return client.send({ method: "POST", path: pathOf(container, "/stop"), query });
}

export function restartContainer(
  client: EngineClient,
  container: string,
  options: StopOptions,
): Promise<void> {
  const query = { signal: options.signal, t: options.timeout };
  return client.send({ method: "POST", path: pathOf(container, "/restart"), query });
}

export function killContainer(client: EngineClient, container: string, signal: string): Promise<void> {
  return client.send({ method: "POST", path: pathOf(container, "/kill"), query: { signal } });
}

export function renameContainer(client: EngineClient, container: string, name: string): Promise<void> {
  return client.send({ method: "POST", path: pathOf(container, "/rename"), query: { name } });
}

export function removeContainer(
  client: EngineClient,
  container: string,
  options: { force: boolean; volumes: boolean; link: boolean },
): Promise<void> {
  const { force, volumes: v, link } = options;
  return client.send({ method: "DELETE", path: pathOf(container, ""), query: { force, v, link } });
}

/**
 * Resolves once the daemon waits, so that what comes after is not missed; the inner promise is the container's end.
 */
export async function waitContainer(
  client: EngineClient,
  container: string,
  condition: "" | "not-running" | "next-exit" | "removed" = "",
): Promise<{ result: Promise<ContainerWaitResponse> }> {
  const response = await client.request({
    method: "POST",
    path: pathOf(container, "/wait"),
    query: { condition },
  });
  const result = response.text().then((text): ContainerWaitResponse => JSON.parse(text));
  result.catch(() => {}); // it may come when nobody wants to know any more
  return { result };
}

export function resizeContainer(
  client: EngineClient,
  container: string,
  size: { rows: number; columns: number },
): Promise<void> {
  const query = { h: size.rows, w: size.columns };
  return client.send({ method: "POST", path: pathOf(container, "/resize"), query });
}

export function containerTop(client: EngineClient, container: string, psArgs: string): Promise<ContainerTop> {
  return client.json({ method: "GET", path: pathOf(container, "/top"), query: { ps_args: psArgs } });
}

/** What a container uses: one JSON value a line, once a second, or just one. */
export function containerStats(
  client: EngineClient,
  container: string,
  stream: boolean,
): Promise<HttpResponse> {
  const query = { stream: stream ? "1" : "0" };
  return client.request({ method: "GET", path: pathOf(container, "/stats"), query });
}

/** The log as raw bytes, in stdcopy frames unless the container has a terminal. */
export function containerLogs(
  client: EngineClient,
  container: string,
  options: { follow: boolean; timestamps: boolean; tail: string; since: string; until: string },
): Promise<HttpResponse> {
  const query = { ...options, stdout: true, stderr: true };
  return client.request({ method: "GET", path: pathOf(container, "/logs"), query });
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Empty for the daemon's own. */
  readonly detachKeys: string;
}

export function attachContainer(
  client: EngineClient,
  container: string,
  options: AttachOptions,
): Promise<Hijacked> {
  const query = { ...options, stream: true };
  return client.hijack({ method: "POST", path: pathOf(container, "/attach"), query });
}

export function createExec(
  client: EngineClient,
  container: string,
  body: ExecCreateRequest,
): Promise<{ Id: string }> {
  return client.json({ method: "POST", path: pathOf(container, "/exec"), body });
}

/** Starts an exec that nobody is attached to. */
export function startExec(client: EngineClient, exec: string, body: ExecStartRequest): Promise<void> {
  return client.send({ method: "POST", path: `/exec/${exec}/start`, body });
}

export function attachExec(client: EngineClient, exec: string, body: ExecStartRequest): Promise<Hijacked> {
  return client.hijack({ method: "POST", path: `/exec/${exec}/start`, body });
}

export function resizeExec(
  client: EngineClient,
  exec: string,
  size: { rows: number; columns: number },
): Promise<void> {
  const query = { h: size.rows, w: size.columns };
  return client.send({ method: "POST", path: `/exec/${exec}/resize`, query });
}

export function inspectExec(client: EngineClient, exec: string): Promise<ExecInspect> {
  return client.json({ method: "GET", path: `/exec/${exec}/json` });
}
