import { EngineError } from "../base/errors.ts";
import { familiarName, familiarString, parseFamiliar, type Reference } from "../base/reference.ts";
import type { Files } from "../sys/files.ts";

/** repositories.json: familiar names without tag, then whole references with the ids that they name. */
interface Repositories {
  Repositories: Record<string, Record<string, string>>;
}

interface Entry {
  readonly reference: Reference;
  readonly id: string;
}

/** A digest says which image is meant, so a tag beside it counts for nothing. */
function withoutIdleTag(reference: Reference): Reference {
  return reference.digest === undefined ? reference : { ...reference, tag: undefined };
}

/** Which names and digests name which image (`image/overlay2/repositories.json`, in Docker's form). */
export class ReferenceStore {
  readonly #files: Files;
  readonly #path: string;
  /** By familiar form. */
  #entries: ReadonlyMap<string, Entry> = new Map();

  constructor(files: Files, root: string) {
    this.#files = files;
    this.#path = `${root}/image/overlay2/repositories.json`;
    if (!files.exists(this.#path)) return;
    const stored: Repositories = JSON.parse(files.readText(this.#path));
    const entries = Object.values(stored.Repositories).flatMap(references => Object.entries(references));
    this.#entries = new Map(entries.map(([text, id]) => [text, { reference: parseFamiliar(text), id }]));
  }

  /** The id that a reference with tag or digest names. */
  get(reference: Reference): string | undefined {
    return this.#entries.get(familiarString(withoutIdleTag(reference)))?.id;
  }

  /** The references of an image, those with a tag first. */
  of(id: string): Reference[] {
    const found = [...this.#entries.values()].filter(entry => entry.id === id).map(entry => entry.reference);
    return found.toSorted((a, b) => Number(a.tag === undefined) - Number(b.tag === undefined));
  }

  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Points a tag at an image; returns the id that it named before. Throws where that cannot be. */
  set(given: Reference, id: string): string | undefined {
    const reference = withoutIdleTag(given);
    const text = familiarString(reference);
    if (familiarName(reference) === "sha256")
      throw new EngineError("invalid", "refusing to create an ambiguous tag using digest algorithm as name");
    const before = this.#entries.get(text)?.id;
    if (before === id) return undefined;
    if (before !== undefined && reference.digest !== undefined)
      throw new EngineError("conflict", `cannot overwrite digest ${reference.digest}`);
    this.#save(new Map([...this.#entries, [text, { reference, id }]]));
    return before;
  }

  /** Forgets some references; returns whether there were any of them. */
  remove(...references: readonly Reference[]): boolean {
    const entries = new Map(this.#entries);
    const removed = references.filter(reference => entries.delete(familiarString(withoutIdleTag(reference))));
    if (removed.length > 0) this.#save(entries);
    return removed.length > 0;
  }

  /** Writes what is to be; only then it is. */
  #save(entries: ReadonlyMap<string, Entry>): void {
    const stored: Repositories = { Repositories: {} };
    for (const [text, { reference, id }] of entries)
      (stored.Repositories[familiarName(reference)] ??= {})[text] = id;
    this.#files.writeAtomic(this.#path, JSON.stringify(stored));
    this.#entries = entries;
  }
}
