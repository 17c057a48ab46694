interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Milliseconds since 1970; Infinity for one that lasts as long as the jar. */
  readonly expires: number;
}

/** What RFC 6265, section 6.1, asks of browsers. */
const MOST_COOKIES = 50;
const LONGEST_COOKIE = 4096;

/**
 * The cookies of one published port (RFC 6265). A service worker sees neither `Cookie` nor `Set-Cookie`, and browsers
 * keep cookies apart by host but not by port, so each preview has a jar of its own. All of a port is one host: `Domain`,
 * `Secure` and `SameSite` change nothing.
 */
export class CookieJar {
  readonly #now: () => number;
  #cookies: readonly Cookie[] = [];

  /** `now` counts milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes the value of a `Set-Cookie` field in the answer for `target`. */
  set(field: string, target: string): void {
    const cookie = parse(field, pathOf(target), this.#now());
    if (cookie === undefined) return;
    const others = this.#cookies.filter(({ name, path }) => name !== cookie.name || path !== cookie.path);
    this.#cookies = [...others, cookie].slice(-MOST_COOKIES);
  }

  /** The `Cookie` field of a request for `target`; undefined when no cookie belongs to it. */
  header(target: string): string | undefined {
    const now = this.#now();
    this.#cookies = this.#cookies.filter(({ expires }) => expires > now);
    const path = pathOf(target);
    const sent = this.#cookies
      .filter(cookie => covers(cookie.path, path))
      .toSorted((a, b) => b.path.length - a.path.length);
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }
}

function parse(field: string, path: string, now: number): Cookie | undefined {
  if (field.length > LONGEST_COOKIE) return undefined;
  const [pair = "", ...rest] = field.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals).trim();
  if (equals < 1 || name === "") return undefined;
  const attributes = new Map(rest.map(parseAttribute));
  const wanted = attributes.get("path");
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    path: wanted?.startsWith("/") ? wanted : path.replace(/\/[^/]*$/, "") || "/",
    expires: expiry(attributes, now),
  };
}

function parseAttribute(text: string): [name: string, value: string] {
  const [name = "", ...value] = text.split("=");
  return [name.trim().toLowerCase(), value.join("=").trim()];
}

function expiry(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return now + Number(age) * 1000;
  const date = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(date) ? Infinity : date;
}

function pathOf(target: string): string {
  return target.replace(/\?.*$/s, "");
}

function covers(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}
