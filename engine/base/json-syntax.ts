/**
 * What Go's encoding/json says of text that is no JSON. JSON.parse is fast and its messages are another engine's; so
 * text that it has refused is looked at again, with RFC 8259's grammar.
 */
import { EngineError } from "./errors.ts";

/** What may come next. */
type Expectation = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

const SPACE = /[ \t\r\n]*/y;
const PLAIN = /[ !#-[\]-\uffff]*/y;
const UNICODE_ESCAPE = /u[0-9a-fA-F]{4}/y;
const DIGITS = /[0-9]+/y;
const INTEGER = /0|[1-9][0-9]*/y;
const LITERALS = ["true", "false", "null"];
const SHORT_ESCAPES = '"\\/bfnrt';
const NUMBER_START = "-0123456789";

/** What the end of the text within a value is called. */
export const UNEXPECTED_END = "unexpected EOF";

/** A character as Go quotes it in messages. */
function quoted(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}

class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads one value. Returns where it ends; throws "invalid" with Go's words at the first fault. */
  value(): number {
    const open: ("{" | "[")[] = [];
    let expected: Expectation = "value";
    for (;;) {
      const character = this.#next();
      expected = this.#step(character, expected, open);
      if (expected === "comma or end" && open.length === 0) return this.#at;
    }
  }

  /** Takes what starts with a character; returns what may follow it. */
  #step(character: string, expected: Expectation, open: ("{" | "[")[]): Expectation {
    switch (expected) {
      case "key or end":
      case "key":
        if (character === "}" && expected === "key or end") return this.#close(open);
        if (character !== '"') throw this.#fault("looking for beginning of object key string");
        this.#string();
        return "colon";
      case "colon":
        if (character !== ":") throw this.#fault("after object key");
        this.#at++;
        return "value";
      case "value or end":
        return character === "]" ? this.#close(open) : this.#value(character, open);
      case "value":
        return this.#value(character, open);
      case "comma or end":
        return this.#separator(character, open);
    }
  }

  #close(open: ("{" | "[")[]): Expectation {
    this.#at++;
    open.pop();
    return "comma or end";
  }

  #separator(character: string, open: ("{" | "[")[]): Expectation {
    const inObject = open.at(-1) === "{";
    if (character === (inObject ? "}" : "]")) return this.#close(open);
    if (character !== ",")
      throw this.#fault(inObject ? "after object key:value pair" : "after array element");
    this.#at++;
    return inObject ? "key" : "value";
  }

  #value(character: string, open: ("{" | "[")[]): Expectation {
    if (character === "{" || character === "[") {
      this.#at++;
      open.push(character);
      return character === "{" ? "key or end" : "value or end";
    }
    const literal = LITERALS.find(word => word.startsWith(character));
    if (character === '"') this.#string();
    else if (NUMBER_START.includes(character)) this.#number();
    else if (literal !== undefined) this.#literal(literal);
    else throw this.#fault("looking for beginning of value");
    return "comma or end";
  }

  #string(): void {
    this.#at++;
    for (;;) {
      this.#skip(PLAIN);
      const character = this.#here();
      if (character < " ") throw this.#fault("in string literal");
      this.#at++;
      if (character === '"') return;
      if (SHORT_ESCAPES.includes(this.#here())) this.#at++;
      else if (this.#here() !== "u") throw this.#fault("in string escape code");
      else if (!this.#skip(UNICODE_ESCAPE)) {
        do this.#at++;
        while (/[0-9a-fA-F]/.test(this.#here()));
        throw this.#fault("in \\u hexadecimal character escape");
      }
    }
  }

  #number(): void {
    if (this.#text[this.#at] === "-") this.#at++;
    if (!this.#skip(INTEGER)) throw this.#fault("in numeric literal");
    if (this.#text[this.#at] === ".") {
      this.#at++;
      if (!this.#skip(DIGITS)) throw this.#fault("after decimal point in numeric literal");
    }
    if (/[eE]/.test(this.#text[this.#at] ?? "")) {
      this.#at++;
      if (/[+-]/.test(this.#here())) this.#at++;
      if (!this.#skip(DIGITS)) throw this.#fault("in exponent of numeric literal");
    }
  }

  #literal(word: string): void {
    for (const wanted of word) {
      if (this.#here() !== wanted) throw this.#fault(`in literal ${word} (expecting '${wanted}')`);
      this.#at++;
    }
  }

  /** The next character that is no space. */
  #next(): string {
    this.#skip(SPACE);
    return this.#here();
  }

  /** The character that is next. Throws where there is none. */
  #here(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new EngineError("invalid", UNEXPECTED_END);
    return character;
  }

  /** Goes on behind what the pattern matches here; false where it matches nothing. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #fault(where: string): EngineError {
    return new EngineError("invalid", `invalid character ${quoted(this.#here())} ${where}`);
  }
}

/**
 * Reads the first value of a text, as Go's json.Decoder does; what follows it is `rest`. Throws "invalid" in Go's words.
 */
export function parseFirstJson(text: string): { value: unknown; rest: string } {
  try {
    return { value: JSON.parse(text), rest: "" };
  } catch (error) {
    const end = new JsonScanner(text).value();
    if (text.slice(end).trim() === "") throw error; // it was refused for another reason, such as its depth
    return { value: JSON.parse(text.slice(0, end)), rest: text.slice(end) };
  }
}
