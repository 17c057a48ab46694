/** Hands values from one who must not wait to one who is slower: of several that wait, only the newest is kept. */
export class Latest<T> {
  #waiting: { value: T } | null = null;
  #ended = false;
  #wake: () => void = () => {};

  put(value: T): void {
    if (this.#ended) return;
    this.#waiting = { value };
    this.#wake();
  }

  /** No more will come; what waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next value; null at the end. One caller at a time. */
  async next(): Promise<T | null> {
    if (!this.#waiting && !this.#ended)
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    const taken = this.#waiting;
    this.#waiting = null;
    return taken ? taken.value : null;
  }
}
