/** The values of a request's query; what is undefined, false or empty is left out, as the API takes it for unset. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A path with its query. */
export function withQuery(path: string, query: Query): string {
  let text = "";
  for (const name in query) {
    const value = query[name];
    if (value === undefined || value === false || value === "") continue;
    text += `${text === "" ? "?" : "&"}${name}=${value === true ? "1" : encodeURIComponent(value)}`;
  }
  return path + text;
}

/** Filters as the API takes them; undefined where there are none. */
export function encodeFilters(filters: ReadonlyMap<string, readonly string[]>): string | undefined {
  return filters.size === 0 ? undefined : JSON.stringify(Object.fromEntries(filters));
}
