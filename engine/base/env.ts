/** The name in "NAME=VALUE", or the whole of it without a value. */
function nameOf(entry: string): string {
  const equals = entry.indexOf("=");
  return equals < 0 ? entry : entry.slice(0, equals);
}

/**
 * Environment entries with others laid over them: a name that is there already keeps its place and gets the new
 * value, a name without "=" is removed, new names go to the end.
 */
export function overlayEnv(base: readonly string[], over: readonly string[]): string[] {
  const entries = new Map(base.map(entry => [nameOf(entry), entry]));
  for (const entry of over) {
    if (entry.includes("=")) entries.set(nameOf(entry), entry);
    else entries.delete(entry);
  }
  return [...entries.values()];
}

/** `defaults` less the names that `env` has itself, behind it. */
export function withDefaultEnv(env: readonly string[], defaults: readonly string[]): string[] {
  const names = new Set(env.map(nameOf));
  return [...env, ...defaults.filter(entry => !names.has(nameOf(entry)))];
}
