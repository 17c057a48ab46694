/** How wide text is on a terminal, where East Asian characters and emoji take two columns. */
import { isAscii } from "../base/utf8.ts";

/** East Asian Width W and F (UAX 11), regional indicators excepted, which are emoji but not wide. */
const wideCharacter =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}/gu;
/** What joins the character before it: marks, format characters, skin tones, the second half of a flag. */
const withoutWidth =
  /\u200d.|(?<=[\u{1f1e6}-\u{1f1ff}])[\u{1f1e6}-\u{1f1ff}]|[\p{M}\p{Cf}\p{Cc}\u{1f3fb}-\u{1f3ff}]/gsu;

/** The columns that `text` takes. */
export function displayWidth(text: string): number {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const character of text.replace(withoutWidth, "")) width += characterWidth(character);
  return width;
}

/**
 * `text` cut to at most `columns`, the last of which then holds an ellipsis. As in Docker every character
 * counts at least one column here, and one that does not fit alone stays.
 */
export function ellipsis(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (isAscii(text) && columns > 1) return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
  const characters = Array.from(text);
  if (columns === 1) return characters[0] ?? "";
  let width = 0;
  let kept = "";
  for (const character of characters) {
    width += characterWidth(character);
    if (width < columns) kept += character;
  }
  return width <= columns || kept === "" ? text : `${kept}…`;
}

function characterWidth(character: string): number {
  wideCharacter.lastIndex = 0;
  return wideCharacter.test(character) ? 2 : 1;
}
