import { parseTemplate, type Template } from "../../base/template/template.ts";

/** More than the default formats and what a page's panels ask for. */
const MOST = 64;

/** Parsed templates by their text, so that a resident program parses each only once. */
export class TemplateCache {
  readonly #templates = new Map<string, Template>();

  /** Fails as parsing does: `template: :1: unclosed action`. */
  get(text: string): Template {
    const known = this.#templates.get(text);
    if (known) return known;
    const template = parseTemplate("", text);
    if (this.#templates.size >= MOST) this.#templates.clear();
    this.#templates.set(text, template);
    return template;
  }
}
