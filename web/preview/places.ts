/** Files of the preview's own at the root of its origin; every other path there is the guest's. */
export const PLACES = {
  bridge: "/drydock-bridge.html",
  bridgeScript: "/drydock-bridge.js",
  worker: "/drydock-worker.js",
  /** `{ "origins": [...] }`: the playgrounds that may use this origin. */
  playgrounds: "/drydock-playgrounds.json",
} as const;

/** Whether a path of the preview's origin is one of its own files. */
export function isOwnPlace(path: string): boolean {
  return Object.values<string>(PLACES).includes(path);
}
