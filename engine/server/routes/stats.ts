import type { Route } from "../router.ts";

/** Statistics of a container. */
export interface StatsStream {
  /** JSON; null when no more will come. Who is slow misses some. */
  next(): Promise<string | null>;
  close(): void;
}

/** What these routes need of the engine. */
export interface StatsBackend {
  /** One sample after the other, or just one; `oneShot` does not wait for a second to compare it with. */
  watch(name: string, options: { stream: boolean; oneShot: boolean }): StatsStream;
}

export function statsRoutes(backend: StatsBackend): Route[] {
  return [
    {
      method: "GET",
      pattern: "/containers/{id}/stats",
      handle: async (request, response) => {
        const options = { stream: request.flag("stream", true), oneShot: request.flag("one-shot") };
        const samples = backend.watch(request.parameter, options);
        try {
          const body = await response.stream();
          request.onDisconnect(() => samples.close());
          for (let json = await samples.next(); json !== null; json = await samples.next())
            await body.write(`${json}\n`);
          await body.end();
        } finally {
          samples.close();
        }
      },
    },
  ];
}
