import { EngineError } from "../base/errors.ts";
import { formatReference, nameOf, parseCanonical, type Reference } from "../base/reference.ts";
import type { Files } from "../sys/files.ts";

/** repositories.json: the normalised name without tag, then whole references with the ids that they name. */
interface Repositories {
  Repositories: Record<string, Record<string, string>>;
}

/** Which names and digests name which image (`image/overlay2/repositories.json`). */
export class ReferenceStore {
  readonly #files: Files;
  readonly #path: string;
  readonly #ids = new Map<string, { reference: Reference; id: string }>();

  constructor(files: Files, root: string) {
    this.#files = files;
    this.#path = `${root}/image/overlay2/repositories.json`;
    if (!files.exists(this.#path)) return;
    const stored: Repositories = JSON.parse(files.readText(this.#path));
    for (const references of Object.values(stored.Repositories))
      for (const [text, id] of Object.entries(references))
        this.#ids.set(text, { reference: parseCanonical(text), id });
  }

  /** The id that a reference with tag or digest names. */
  get(reference: Reference): string | undefined {
    return this.#ids.get(formatReference(reference))?.id;
  }

  /** The references of an image, those with a tag first. */
  of(id: string): Reference[] {
    const found = [...this.#ids.values()].filter(entry => entry.id === id).map(entry => entry.reference);
    return found.toSorted((a, b) => Number(a.tag === undefined) - Number(b.tag === undefined));
  }

  all(): Iterable<{ readonly reference: Reference; readonly id: string }> {
    return this.#ids.values();
  }

  /** Points a tag at an image; returns the id that it named before. */
  set(reference: Reference, id: string): string | undefined {
    const text = formatReference(reference);
    const before = this.#ids.get(text)?.id;
    if (before === id) return undefined;
    if (before !== undefined && reference.digest !== undefined)
      throw new EngineError("conflict", `cannot overwrite digest ${reference.digest}`);
    this.#ids.set(text, { reference, id });
    this.#save();
    return before;
  }

  /** Whether there was such a reference. */
  remove(reference: Reference): boolean {
    const removed = this.#ids.delete(formatReference(reference));
    if (removed) this.#save();
    return removed;
  }

  #save(): void {
    const stored: Repositories = { Repositories: {} };
    for (const [text, { reference, id }] of this.#ids) {
      const name = nameOf(reference).replace(/^docker\.io\/(library\/)?/, "");
      const references = (stored.Repositories[name] ??= {});
      references[text] = id;
    }
    this.#files.writeAtomic(this.#path, JSON.stringify(stored));
  }
}
