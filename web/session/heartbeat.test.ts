import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deferred } from "../protocol/deferred.ts";
import { Heartbeat } from "./heartbeat.ts";

const BEAT = 5000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("says nothing while it is answered", async () => {
  const tell = vi.fn();
  const heartbeat = new Heartbeat(() => Promise.resolve(), tell);
  heartbeat.start();
  await vi.advanceTimersByTimeAsync(20 * BEAT);
  expect(tell).not.toHaveBeenCalled();
});

it("tells of silence after three unanswered beats, and of the answer that comes at last", async () => {
  const said: boolean[] = [];
  const answer = deferred<void>();
  const ping = vi.fn(() => answer.promise);
  new Heartbeat(ping, silent => said.push(silent)).start();
  await vi.advanceTimersByTimeAsync(3 * BEAT);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(BEAT);
  expect(said).toEqual([true]);
  expect(ping).toHaveBeenCalledTimes(1);
  answer.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(said).toEqual([true, false]);
});

it("stays quiet when it was stopped", async () => {
  const tell = vi.fn();
  const heartbeat = new Heartbeat(() => new Promise(() => undefined), tell);
  heartbeat.start();
  await vi.advanceTimersByTimeAsync(BEAT);
  heartbeat.stop();
  await vi.advanceTimersByTimeAsync(10 * BEAT);
  expect(tell).not.toHaveBeenCalled();
});
