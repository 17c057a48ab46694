import { expect, it } from "vitest";
import { shortcut } from "./shortcuts.ts";

const NONE = { code: "", ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };

it.each([
  ["Ctrl-C with a selection", { ...NONE, key: "c", ctrlKey: true }, true, "copy"],
  ["Ctrl-C without one", { ...NONE, key: "c", ctrlKey: true }, false, undefined],
  ["Ctrl-Shift-C", { ...NONE, key: "C", ctrlKey: true, shiftKey: true }, false, "copy"],
  ["Ctrl-Shift-V", { ...NONE, key: "V", ctrlKey: true, shiftKey: true }, false, "paste"],
  ["Ctrl-V", { ...NONE, key: "v", ctrlKey: true }, false, undefined],
  ["F6", { ...NONE, key: "F6" }, false, "leave"],
  ["a letter", { ...NONE, key: "c" }, true, undefined],
  ["Command-C, which is the browser's", { ...NONE, key: "c", metaKey: true }, true, undefined],
  [
    "Alt-1, whatever the keyboard makes of it",
    { ...NONE, key: "¡", code: "Digit1", altKey: true },
    false,
    "page",
  ],
  ["Alt-Ctrl-1", { ...NONE, key: "1", code: "Digit1", altKey: true, ctrlKey: true }, false, undefined],
  ["Alt-B", { ...NONE, key: "b", code: "KeyB", altKey: true }, false, undefined],
  ["Alt-Ctrl-C", { ...NONE, key: "c", ctrlKey: true, altKey: true }, true, undefined],
])("knows %s", (_name, key, hasSelection, meaning) => {
  expect(shortcut(key, hasSelection)).toBe(meaning);
});
