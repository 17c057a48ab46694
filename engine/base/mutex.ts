/** Runs asynchronous sections one after the other, in the order of their asking. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a section once all before it have ended, and passes on what comes of it. */
  run<T>(section: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(section);
    this.#last = result.catch(() => {}); // who follows must not care how this one ended
    return result;
  }
}
