/** What one piece of work holds open, such as connections: all of it ends when the work does. */
export class Scope {
  readonly #disposals = new Set<() => void>();
  #ended = false;

  /** Whether the work is over, so that nothing new should be begun for it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Calls back at the end of the work, at once where that was before. Returns what takes it back. */
  own(dispose: () => void): () => void {
    if (this.#ended) {
      dispose();
      return () => {};
    }
    this.#disposals.add(dispose);
    return () => this.#disposals.delete(dispose);
  }

  /** Ends it; safe to repeat. */
  end(): void {
    this.#ended = true;
    for (const dispose of this.#disposals) {
      this.#disposals.delete(dispose);
      dispose();
    }
  }
}
