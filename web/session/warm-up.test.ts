import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Quiet } from "./quiet.ts";
import { WarmUp } from "./warm-up.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("runs one command after the other, and waits while somebody types", async () => {
  const quiet = new Quiet();
  const ran: string[] = [];
  const warmUp = new WarmUp(async command => {
    ran.push(command.join(" "));
    return 0;
  }, quiet);
  const { signal } = new AbortController();
  quiet.touch(800);
  const done = warmUp.start(
    [
      ["docker", "ps"],
      ["docker", "images"],
    ],
    signal,
  );
  await vi.advanceTimersByTimeAsync(700);
  quiet.touch(800);
  await vi.advanceTimersByTimeAsync(700);
  expect(ran).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  await done;
  expect(ran).toEqual(["nice -n 19 docker ps", "nice -n 19 docker images"]);
  expect(warmUp.results.value.map(({ status }) => status)).toEqual([0, 0]);
});

it("ends when it is called off", async () => {
  const quiet = new Quiet();
  const run = vi.fn();
  const end = new AbortController();
  quiet.touch(800);
  const done = new WarmUp(run, quiet).start([["docker", "ps"]], end.signal);
  end.abort();
  await done;
  expect(run).not.toHaveBeenCalled();
});
