/** Cuts a template into tokens, with the lexical rules and messages of Go's text/template. */
import { isPrintable, quote } from "../quote.ts";
import { isKeyword, type Token, type TokenKind } from "./token.ts";

const leftDelimiter = "{{";
const rightDelimiter = "}}";
const spaces = /[ \t\r\n]+/y;
const leftTrim = /-[ \t\r\n]/y;
const rightEnd = /(?:[ \t\r\n]-)?\}\}/y;
const trailingSpaces = /[ \t\r\n]+$/;
const word = /[\p{L}\p{Nd}_]*/uy;
const wordCharacter = /[\p{L}\p{Nd}_]/uy;
const terminator = /[ \t\r\n.,|:()]|\}\}|$/y;
const number =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
const quoted = {
  '"': { syntax: /"(?:[^"\\\n]|\\[^\n])*"/y, kind: "string", name: "quoted string" },
  "`": { syntax: /`[^`]*`/y, kind: "raw-string", name: "raw quoted string" },
  "'": { syntax: /'(?:[^'\\\n]|\\[^\n])*'/y, kind: "character", name: "character constant" },
} as const;

/** The tokens of `text`; the last one is of kind `eof` or `error`. */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  /** Where the next token starts, and its line. */
  #start = 0;
  #line = 1;
  #openParentheses = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    while (this.#lexText() && this.#lexAction());
    return this.#tokens;
  }

  /** Takes the text before an action and the action's start; false at the end of the template. */
  #lexText(): boolean {
    const open = this.#text.indexOf(leftDelimiter, this.#start);
    if (open === -1) {
      if (this.#start < this.#text.length) this.#emit("text", this.#text.length);
      this.#emit("eof", this.#text.length);
      return false;
    }
    const inside = open + leftDelimiter.length;
    const trims = this.#matches(leftTrim, inside);
    const before = this.#text.slice(this.#start, open);
    const textEnd = trims ? this.#start + before.replace(trailingSpaces, "").length : open;
    if (textEnd > this.#start) this.#emit("text", textEnd);
    this.#skipTo(open);
    const content = trims ? inside + 2 : inside;
    if (this.#text.startsWith("/*", content)) return this.#lexComment(content);
    this.#emit("left-delimiter", inside);
    this.#skipTo(content);
    this.#openParentheses = 0;
    return true;
  }

  /** Skips a comment and goes on with the text behind it. */
  #lexComment(content: number): boolean {
    this.#skipTo(content);
    const close = this.#text.indexOf("*/", content);
    if (close === -1) return this.#fail("unclosed comment");
    const end = this.#endAt(close + 2);
    if (end === undefined) return this.#fail("comment ends before closing delimiter");
    this.#skipTo(end.next);
    return this.#lexText();
  }

  /** Takes the tokens up to the action's end; false when something is wrong. */
  #lexAction(): boolean {
    for (;;) {
      const end = this.#endAt(this.#start);
      if (end !== undefined) {
        if (this.#openParentheses > 0) return this.#fail("unclosed left paren");
        this.#skipTo(end.delimiter);
        this.#emit("right-delimiter", end.delimiter + rightDelimiter.length);
        this.#skipTo(end.next);
        return true;
      }
      if (!this.#lexToken()) return false;
    }
  }

  #lexToken(): boolean {
    const first = this.#text[this.#start];
    switch (first) {
      case undefined:
        return this.#fail("unclosed action");
      case " ":
      case "\t":
      case "\r":
      case "\n":
        return this.#lexSpace();
      case "=":
        return this.#emit("assign", this.#start + 1);
      case ":":
        if (this.#text[this.#start + 1] !== "=") return this.#fail("expected :=");
        return this.#emit("declare", this.#start + 2);
      case "|":
        return this.#emit("pipe", this.#start + 1);
      case '"':
      case "`":
      case "'":
        return this.#lexQuoted(first);
      case "$":
        return this.#lexNamed("variable");
      case "(":
        this.#openParentheses++;
        return this.#emit("left-parenthesis", this.#start + 1);
      case ")":
        this.#openParentheses--;
        if (this.#openParentheses < 0) return this.#fail("unexpected right paren");
        return this.#emit("right-parenthesis", this.#start + 1);
      default:
        return this.#lexOther(first);
    }
  }

  #lexOther(first: string): boolean {
    // A dot that ends the template counts as the start of a number in Go.
    const isDecimal = /^[0-9]?$/.test(this.#text[this.#start + 1] ?? "");
    if (first === "." && !isDecimal) return this.#lexNamed("field");
    if (/[-+.0-9]/.test(first)) return this.#lexNumber();
    if (this.#matches(wordCharacter, this.#start)) return this.#lexWord();
    if (/[!-~]/.test(first)) return this.#emit("char", this.#start + 1);
    return this.#fail(
      `unrecognized character in action: ${describeCharacter(this.#characterAt(this.#start))}`,
    );
  }

  #lexSpace(): boolean {
    const end = this.#endOf(spaces, this.#start);
    // The last space may belong to a trim marker.
    return this.#emit("space", this.#matches(rightEnd, end - 1) ? end - 1 : end);
  }

  #lexQuoted(mark: keyof typeof quoted): boolean {
    const { syntax, kind, name } = quoted[mark];
    if (!this.#matches(syntax, this.#start)) return this.#fail(`unterminated ${name}`);
    return this.#emit(kind, syntax.lastIndex);
  }

  /** A field or a variable; alone, their first characters are the dot and the variable `$`. */
  #lexNamed(kind: "field" | "variable"): boolean {
    if (this.#matches(terminator, this.#start + 1)) {
      return this.#emit(kind === "field" ? "." : "variable", this.#start + 1);
    }
    const end = this.#endOf(word, this.#start + 1);
    return this.#endWord(end) && this.#emit(kind, end);
  }

  #lexWord(): boolean {
    const end = this.#endOf(word, this.#start);
    const text = this.#text.slice(this.#start, end);
    if (!this.#endWord(end)) return false;
    if (isKeyword(text)) return this.#emit(text, end);
    return this.#emit(text === "true" || text === "false" ? "bool" : "identifier", end);
  }

  #endWord(end: number): boolean {
    if (this.#matches(terminator, end)) return true;
    return this.#fail(`bad character ${describeCharacter(this.#characterAt(end))}`);
  }

  #lexNumber(): boolean {
    const end = this.#endOf(number, this.#start);
    if (this.#matches(wordCharacter, end)) return this.#failNumber(wordCharacter.lastIndex);
    if (this.#text[end] !== "+" && this.#text[end] !== "-") return this.#emit("number", end);
    const imaginaryEnd = this.#endOf(number, end);
    if (this.#matches(wordCharacter, imaginaryEnd)) return this.#failNumber(wordCharacter.lastIndex);
    if (this.#text[imaginaryEnd - 1] !== "i") return this.#failNumber(imaginaryEnd);
    return this.#emit("complex", imaginaryEnd);
  }

  #failNumber(end: number): boolean {
    return this.#fail(`bad number syntax: ${quote(this.#text.slice(this.#start, end))}`);
  }

  /** The action's end, when it is at `position`: where its delimiter and the text behind it begin. */
  #endAt(position: number): { delimiter: number; next: number } | undefined {
    const first = this.#text[position] ?? "";
    if (!"} \t\r\n".includes(first) || !this.#matches(rightEnd, position)) return undefined;
    const end = rightEnd.lastIndex;
    const trims = end - position > rightDelimiter.length;
    return { delimiter: end - rightDelimiter.length, next: trims ? this.#endOf(spaces, end) : end };
  }

  #matches(syntax: RegExp, position: number): boolean {
    syntax.lastIndex = position;
    return syntax.test(this.#text);
  }

  /** Where the match of `syntax` at `position` ends; `position` itself when there is none. */
  #endOf(syntax: RegExp, position: number): number {
    return this.#matches(syntax, position) ? syntax.lastIndex : position;
  }

  #characterAt(position: number): string {
    return String.fromCodePoint(this.#text.codePointAt(position) ?? 0);
  }

  #emit(kind: TokenKind, end: number): true {
    const text = this.#text.slice(this.#start, end);
    this.#tokens.push({ kind, position: this.#start, text, line: this.#line });
    this.#skipTo(end);
    return true;
  }

  #skipTo(position: number): void {
    const skipped = this.#text.slice(this.#start, position);
    if (skipped.includes("\n")) this.#line += skipped.split("\n").length - 1;
    this.#start = position;
  }

  #fail(message: string): false {
    this.#tokens.push({ kind: "error", position: this.#start, text: message, line: this.#line });
    return false;
  }
}

/** A character as Go's `%#U` shows it: `U+0025 '%'`. */
function describeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return isPrintable(character) ? `U+${code} '${character}'` : `U+${code}`;
}
