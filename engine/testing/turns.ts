/** Lets everything that can go on go on, until nothing is left but waiting for the world outside. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Whether a promise has been settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await settle();
  return settled;
}
