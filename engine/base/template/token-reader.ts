/** Walks over the tokens of a template and words the parser's errors. */
import { EngineError, messageOf } from "../errors.ts";
import { describeToken, type Token, type TokenKind } from "./token.ts";

const endOfNothing: Token = { kind: "eof", position: 0, text: "", line: 1 };

export class TokenReader {
  /** The line of the action being read, 0 outside of actions. */
  actionLine = 0;
  readonly #name: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  /** The furthest token looked at: errors name its line. */
  #furthest = 0;

  /** Reads `tokens`, which end with one of kind `eof` or `error`; `name` is the template's. */
  constructor(name: string, tokens: readonly Token[]) {
    this.#name = name;
    this.#tokens = tokens;
  }

  /** The place to come back to with {@link reset}. */
  get mark(): number {
    return this.#next;
  }

  reset(mark: number): void {
    this.#next = mark;
  }

  /** The next token, which is then past. */
  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Goes back by one token. */
  back(): void {
    this.#next--;
  }

  /** The next token, which stays the next. */
  peek(): Token {
    // The last token, the end or an error, is there for ever.
    const index = Math.min(this.#next, this.#tokens.length - 1);
    this.#furthest = Math.max(this.#furthest, index);
    return this.#tokens[index] ?? endOfNothing;
  }

  /** Skips spaces and takes the token behind them. */
  takeNonSpace(): Token {
    this.skipSpace();
    return this.take();
  }

  /** Skips spaces; the token behind them stays the next. */
  peekNonSpace(): Token {
    this.skipSpace();
    return this.peek();
  }

  skipSpace(): void {
    while (this.peek().kind === "space") this.#next++;
  }

  /** Takes a token that must be of kind `kind`; `context` says in errors where. */
  expect(kind: TokenKind, context: string): void {
    const token = this.takeNonSpace();
    if (token.kind !== kind) throw this.unexpected(token, context);
  }

  /** The result of reading a literal; its fault becomes the template's. */
  checked<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      throw this.fault(messageOf(cause));
    }
  }

  /** The error for a token that cannot stand here. */
  unexpected(token: Token, context: string): EngineError {
    if (token.kind !== "error") return this.fault(`unexpected ${describeToken(token)} in ${context}`);
    if (this.actionLine === 0 || this.actionLine === token.line) return this.fault(token.text);
    const start = `started at ${this.#name}:${this.actionLine}`;
    return this.fault(`${token.text}${token.text.endsWith(" action") ? "" : " in action"} ${start}`);
  }

  /** The line reached. */
  get line(): number {
    return this.#tokens[this.#furthest]?.line ?? 1;
  }

  /** An error, at the line reached unless another is given. */
  fault(what: string, line = this.line): EngineError {
    return new EngineError("invalid", `template: ${this.#name}:${line}: ${what}`);
  }
}
