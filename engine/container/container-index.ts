import { EngineError } from "../base/errors.ts";
import type { Container } from "./container.ts";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** Throws "invalid" where a name is none, in Docker's words. */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new EngineError(
    "invalid",
    `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
  );
}

/** All containers, by id and by name. */
export class ContainerIndex {
  readonly #byId = new Map<string, Container>();
  readonly #byName = new Map<string, Container>();

  /** In the order of their making. */
  all(): Container[] {
    return [...this.#byId.values()];
  }

  has(container: Container): boolean {
    return this.#byId.has(container.id);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Throws "conflict" where another has the name. */
  add(container: Container): void {
    this.checkFree(container.name);
    this.#byId.set(container.id, container);
    this.#byName.set(container.name, container);
  }

  remove(container: Container): void {
    this.#byId.delete(container.id);
    if (this.#byName.get(container.name) === container) this.#byName.delete(container.name);
  }

  rename(container: Container, name: string): void {
    this.checkFree(name);
    this.#byName.delete(container.name);
    container.name = name;
    this.#byName.set(name, container);
  }

  isTaken(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Throws "conflict" in Docker's words where the name is taken. */
  checkFree(name: string): void {
    const holder = this.#byName.get(name);
    if (!holder) return;
    throw new EngineError(
      "conflict",
      `Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
        "You have to remove (or rename) that container to be able to reuse that name.",
    );
  }

  /** By whole id, by name, or by the start of an id. Throws "not-found", or "invalid" where several match. */
  find(wanted: string): Container {
    const name = wanted.startsWith("/") ? wanted.slice(1) : wanted;
    const exact = this.#byId.get(wanted) ?? this.#byName.get(name);
    if (exact) return exact;
    const matches = wanted === "" ? [] : [...this.#byId.values()].filter(({ id }) => id.startsWith(wanted));
    if (matches.length > 1)
      throw new EngineError("invalid", `multiple IDs found with provided prefix: ${wanted}`);
    const [match] = matches;
    if (match) return match;
    throw new EngineError("not-found", `No such container: ${wanted}`);
  }
}
