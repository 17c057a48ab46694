/** A copy under way. */
export interface TreeCopy {
  /** Copies about so many bytes more; true when all is copied. */
  run(bytes: number): boolean;
}

/** What an overlay's upper directory does to a path of the files below it. */
export interface TreeChange {
  readonly kind: "modified" | "added" | "deleted";
  readonly path: string;
}

/** Whole directory trees at a time; see also {@link Files}. */
export interface Trees {
  /**
   * Copies what a directory holds into another, with owners, modes, times, attributes and links, and makes the other
   * like it. Sockets are left out.
   */
  copy(from: string, to: string): TreeCopy;
}
