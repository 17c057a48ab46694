import type { ApiRequest } from "./request.ts";
import type { ApiResponse } from "./response.ts";

/** Answers one kind of request: parses, makes one call, writes. */
export type Handler = (request: ApiRequest, response: ApiResponse) => Promise<void> | void;

/** A row of the routing table. A pattern has at most one "{name}", which stands for what lies there. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handle: Handler;
}

interface Compiled {
  readonly method: string;
  readonly prefix: string;
  /** null for a pattern without a parameter. */
  readonly suffix: string | null;
  /** Image names have slashes in them; nothing else does. */
  readonly spans: boolean;
  readonly handle: Handler;
}

function compile({ method, pattern, handle }: Route): Compiled {
  const match = /^([^{]*)\{(\w+)\}(.*)$/.exec(pattern);
  if (!match) return { method, prefix: pattern, suffix: null, spans: false, handle };
  return { method, prefix: match[1] ?? "", suffix: match[3] ?? "", spans: match[2] === "name", handle };
}

function parameterOf(route: Compiled, path: string): string | null {
  const { prefix, suffix } = route;
  if (suffix === null) return path === prefix ? "" : null;
  if (path.length <= prefix.length + suffix.length) return null;
  if (!path.startsWith(prefix) || !path.endsWith(suffix)) return null;
  const parameter = path.slice(prefix.length, path.length - suffix.length);
  return route.spans || !parameter.includes("/") ? parameter : null;
}

/** Finds the handler for a request. */
export class Router {
  /** By method and first part of the path. */
  readonly #routes = new Map<string, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes.map(compile)) {
      const key = this.#key(route.method, route.prefix);
      const list = this.#routes.get(key);
      if (list) list.push(route);
      else this.#routes.set(key, [route]);
    }
  }

  /** The handler and the pattern's parameter; undefined where nothing is there. */
  find(method: string, path: string): { handle: Handler; parameter: string } | undefined {
    for (const route of this.#routes.get(this.#key(method, path)) ?? []) {
      const parameter = parameterOf(route, path);
      if (parameter !== null) return { handle: route.handle, parameter: decodeURIComponent(parameter) };
    }
    return undefined;
  }

  #key(method: string, path: string): string {
    const slash = path.indexOf("/", 1);
    return `${method} ${slash < 0 ? path : path.slice(0, slash)}`;
  }
}
