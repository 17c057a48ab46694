/** What a key means to the terminal itself, before the shell gets it. */
export type Shortcut =
  /** Copy what is selected. */
  | "copy"
  /** The browser pastes; the shell must not see the key. */
  | "paste"
  /** Take the keyboard's focus out of the terminal. */
  | "leave"
  /** Turn to another terminal: the page does that, and the shell must not see the key. */
  | "page";

/** The part of a KeyboardEvent that matters. */
export interface Key {
  readonly key: string;
  /** Where it lies: https://www.w3.org/TR/uievents-code/. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const DIGIT = /^Digit\d$/;

/** The shortcut of a pressed key; undefined for keys that are the shell's. */
export function shortcut(key: Key, hasSelection: boolean): Shortcut | undefined {
  if (key.metaKey) return undefined;
  if (key.altKey) return !key.ctrlKey && !key.shiftKey && DIGIT.test(key.code) ? "page" : undefined;
  if (key.key === "F6" && !key.ctrlKey) return "leave";
  if (!key.ctrlKey) return undefined;
  const letter = key.key.toLowerCase();
  if (letter === "c" && (key.shiftKey || hasSelection)) return "copy";
  return letter === "v" && key.shiftKey ? "paste" : undefined;
}
