import { Marked, type Tokens } from "marked";

/** The word behind a fence's language that makes its lines commands for the terminal: ```sh run */
const RUN = "run";
/** Names a block's role for those who add buttons to it. */
export const RUN_ATTRIBUTE = "data-run";

const LINKS = /^(https?:|mailto:|#)/i;

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Whether a fence of these words is to be run: the first is the language. */
export function isRunnable(info: string): boolean {
  return info.split(/\s+/).slice(1).includes(RUN);
}

const markdown = new Marked({
  async: false,
  gfm: true,
  renderer: {
    code({ text, lang = "" }: Tokens.Code): string {
      const role = isRunnable(lang) ? ` ${RUN_ATTRIBUTE}=""` : "";
      return `<pre${role} tabindex="0"><code>${escape(text)}</code></pre>\n`;
    },
    link({ href, tokens }: Tokens.Link): string {
      const text = this.parser.parseInline(tokens);
      if (!LINKS.test(href)) return text;
      return `<a href="${escape(href)}" target="_blank" rel="noopener noreferrer">${text}</a>`;
    },
    // Lessons are Markdown: whoever writes HTML into one sees it as it was written.
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
    image: ({ text }: Tokens.Image) => escape(text),
  },
});

/**
 * The HTML of a lesson's Markdown (CommonMark, with GitHub's tables). It still has to be sanitized. Runnable blocks
 * are `pre` elements with {@link RUN_ATTRIBUTE}.
 */
export function markdownToHtml(text: string): string {
  return markdown.parse(text, { async: false });
}

/** The commands of a lesson, in their order: the lines of its runnable fences. */
export function commandsOf(text: string): string[] {
  return markdown
    .lexer(text)
    .flatMap(token =>
      token.type === "code" && isRunnable(String(token["lang"] ?? "")) ? [String(token["text"])] : [],
    );
}
