/** The part of the browser's lock manager that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** Playgrounds that one browser runs at once, at most: each takes hundreds of megabytes. */
const SLOTS = 64;

/**
 * The lowest number that no other playground of this browser has, for as long as the page lives: so the next visit
 * gets the same one, and finds what pages have stored.
 */
export async function takeSlot(locks: Locks | undefined): Promise<number> {
  if (locks === undefined) return 1;
  for (let slot = 1; slot < SLOTS; slot++) if (await hold(locks, `drydock.preview.${slot}`)) return slot;
  return SLOTS;
}

function hold(locks: Locks, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const keep = (lock: unknown): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined);
    };
    locks.request(name, { ifAvailable: true }, keep).catch(reject);
  });
}
