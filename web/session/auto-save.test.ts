import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred } from "../protocol/deferred.ts";
import { AutoSave } from "./auto-save.ts";

const SECOND = 1000;

function pass(seconds: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(seconds * SECOND);
}

describe("saving by itself", () => {
  const save = vi.fn<() => Promise<void>>();
  let autoSave: AutoSave;

  beforeEach(() => {
    vi.useFakeTimers();
    save.mockReset().mockResolvedValue(undefined);
    autoSave = new AutoSave({ save, now: () => Date.now() });
  });
  afterEach(() => void vi.useRealTimers());

  it("waits until nobody has typed for ten seconds", async () => {
    for (let count = 0; count < 10; count++) {
      autoSave.touched();
      await pass(9);
    }
    expect(save).not.toHaveBeenCalled();
    await pass(1);
    expect(save).toHaveBeenCalledTimes(1);
    await pass(600);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it("leaves a machine alone that nobody has used", async () => {
    autoSave.changed();
    autoSave.hidden();
    await pass(600);
    expect(save).not.toHaveBeenCalled();
  });

  it("saves a machine that goes on by itself every two minutes, not at every word of it", async () => {
    autoSave.touched();
    await pass(10);
    for (let count = 0; count < 240; count++) {
      autoSave.changed();
      await pass(1);
    }
    expect(save).toHaveBeenCalledTimes(3);
  });

  it("saves at once when nobody looks any more, if there is something new", async () => {
    autoSave.touched();
    autoSave.hidden();
    expect(save).toHaveBeenCalledTimes(1);
    await pass(0);
    autoSave.hidden();
    expect(save).toHaveBeenCalledTimes(1);
  });

  it("never saves twice at the same time, and forgets nothing that came meanwhile", async () => {
    const done = deferred<void>();
    save.mockReturnValueOnce(done.promise);
    autoSave.touched();
    await pass(10);
    autoSave.touched();
    autoSave.hidden();
    await pass(600);
    expect(save).toHaveBeenCalledTimes(1);
    done.resolve();
    await pass(0);
    await pass(1);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("has nothing to do after somebody has saved, or with another machine", async () => {
    autoSave.touched();
    autoSave.settled();
    await pass(600);
    autoSave.touched();
    autoSave.reset();
    autoSave.changed();
    await pass(600);
    expect(save).not.toHaveBeenCalled();
  });
});
