/** The tokens of a template. Keywords are their own kind, `.` and `nil` among them. */
import { quote } from "../quote.ts";
import { byteLength } from "../utf8.ts";

const keywordList = [
  ".",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
] as const;

type Keyword = (typeof keywordList)[number];

export type TokenKind =
  | Keyword
  | "assign" // =
  | "bool"
  | "char" // any other printable ASCII character
  | "character" // a character constant, with its quotes
  | "comment"
  | "complex"
  | "declare" // :=
  | "eof"
  | "error" // the text says what is wrong
  | "field" // .Name
  | "identifier"
  | "left-delimiter"
  | "left-parenthesis"
  | "number"
  | "pipe"
  | "raw-string"
  | "right-delimiter"
  | "right-parenthesis"
  | "space"
  | "string"
  | "text"
  | "variable"; // $name

export interface Token {
  readonly kind: TokenKind;
  /** Where it starts in the template, in UTF-16 units. */
  readonly position: number;
  readonly text: string;
  /** The line on which it starts, from 1. */
  readonly line: number;
}

const keywords: ReadonlySet<string> = new Set(keywordList);

export function isKeyword(text: string): text is Keyword {
  return keywords.has(text);
}

/** `token` as Go's messages show it. */
export function describeToken({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (isKeyword(kind)) return `<${text}>`;
  return byteLength(text) > 10 ? `${quote(Array.from(text).slice(0, 10).join(""))}...` : quote(text);
}
