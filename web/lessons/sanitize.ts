import createPurifier from "dompurify";
import { RUN_ATTRIBUTE } from "./markdown.ts";

/** Whatever a lesson may consist of; nothing here loads, runs, sends or styles anything. */
const TAGS =
  "h1 h2 h3 h4 p ul ol li strong em del code pre blockquote a hr br table thead tbody tr th td".split(" ");
const ATTRIBUTES = ["href", "target", "rel", "tabindex", "align", "start", RUN_ATTRIBUTE];

/** Elements of untrusted HTML, with all but harmless markup taken out. `window` is the page's. */
export function sanitize(html: string, window: Window & typeof globalThis): DocumentFragment {
  return createPurifier(window).sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
