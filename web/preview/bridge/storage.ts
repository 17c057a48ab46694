/** Where an origin remembers whose pages have stored something in it. */
const KEY = "drydock.owner";

/** The part of a window that is used. */
export type Storages = Pick<
  Window & typeof globalThis,
  "localStorage" | "sessionStorage" | "indexedDB" | "caches"
>;

/**
 * Clears what pages of another owner have stored: sites without a host name for each port show one after the other on
 * the same origin.
 */
export async function clearForOwner(owner: string, storages: Storages): Promise<void> {
  const { localStorage, sessionStorage, indexedDB, caches } = storages;
  if (localStorage.getItem(KEY) === owner) return;
  localStorage.clear();
  sessionStorage.clear();
  for (const key of await caches.keys()) await caches.delete(key);
  for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.deleteDatabase(name);
  localStorage.setItem(KEY, owner);
}
