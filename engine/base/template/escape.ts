/** The escaping functions of templates: `html`, `js` and `urlquery`. */
import { isPrintable } from "../quote.ts";

const htmlEntities: Readonly<Record<string, string>> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

/** `text` for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, character => htmlEntities[character] ?? character);
}

/** `text` for a quoted string in JavaScript, also inside HTML. */
export function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=]|[^ -~]/gu, character => {
    if (/[\\'"]/.test(character)) return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code > 0x7f && isPrintable(character)) return character;
    return code === 0x7f ? character : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

/** `text` for the query part of a URL. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
