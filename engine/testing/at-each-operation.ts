import type { ErrorCode } from "../sys/fake/sys-error.ts";
import type { FakeSys } from "../sys/fake/sys.ts";

/** Operations beyond which a test is surely not about what it meant to be. */
const MOST = 2000;

/** What happens again and again, each time with another operation on files going wrong. */
export interface Scenario<T extends { readonly sys: FakeSys }> {
  /** Everything that goes well. */
  prepare(): Promise<T>;
  /** What may go wrong. It may throw then, or not. */
  work(fixture: T): unknown;
  /** Checks what is left; `done` tells whether the work came to its end. */
  check(fixture: T, done: boolean): unknown;
}

async function attempt(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

/** Lets the process crash at the first operation, then at the second, and so on, until the work is done before. */
export async function crashAtEach<T extends { readonly sys: FakeSys }>(
  scenario: Scenario<T>,
): Promise<number> {
  for (let n = 1; n < MOST; n++) {
    const fixture = await scenario.prepare();
    const { faults } = fixture.sys.files;
    faults.crashAt(n);
    const done = await attempt(() => scenario.work(fixture));
    const { crashed } = faults;
    faults.clear();
    await scenario.check(fixture, done && !crashed);
    if (!crashed) return n - 1;
  }
  throw new Error("the work does not end");
}

/** Lets the first operation fail, then the second, and so on; the process goes on. */
export async function failAtEach<T extends { readonly sys: FakeSys }>(
  code: ErrorCode,
  scenario: Scenario<T>,
): Promise<number> {
  for (let n = 1; n < MOST; n++) {
    const fixture = await scenario.prepare();
    const { faults } = fixture.sys.files;
    faults.failAt(n, code);
    const done = await attempt(() => scenario.work(fixture));
    const { isDue } = faults;
    faults.clear();
    await scenario.check(fixture, done);
    if (isDue) return n - 1;
  }
  throw new Error("the work does not end");
}
