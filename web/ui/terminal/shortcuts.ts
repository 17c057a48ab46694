/** What a key means to the terminal itself, before the shell gets it. */
export type Shortcut =
  /** Copy what is selected. */
  | "copy"
  /** The browser pastes; the shell must not see the key. */
  | "paste"
  /** Take the keyboard's focus out of the terminal. */
  | "leave";

/** The part of a KeyboardEvent that matters. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The shortcut of a pressed key; undefined for keys that are the shell's. */
export function shortcut(key: Key, hasSelection: boolean): Shortcut | undefined {
  if (key.altKey || key.metaKey) return undefined;
  if (key.key === "F6" && !key.ctrlKey) return "leave";
  if (!key.ctrlKey) return undefined;
  const letter = key.key.toLowerCase();
  if (letter === "c" && (key.shiftKey || hasSelection)) return "copy";
  return letter === "v" && key.shiftKey ? "paste" : undefined;
}
