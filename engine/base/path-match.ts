/** Shell patterns over slash-separated names, with the syntax of Go's `path.Match`. */
import { EngineError } from "./errors.ts";

const patternPieces =
  /\[(?:(\^)|(?!\^))((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]|\\(.)|([*?])|([[\\])|([^*?[\\]+)/gsu;
const classRanges = /(\\.|[^\\\]-])(?:-(\\.|[^\\\]-]))?/gsu;

/**
 * Whether the whole of `name` matches `pattern`: `*` and `?` stop at slashes, `[a-z]` and `[^a-z]` are
 * classes, `\` takes the next character literally. Fails on a malformed pattern.
 */
export function matchPath(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replace(patternPieces, translatePiece)}$`, "su").test(name);
}

function translatePiece(
  _: string,
  negation: string | undefined,
  ranges: string | undefined,
  escaped: string | undefined,
  wildcard: string | undefined,
  malformed: string | undefined,
  literal: string | undefined,
): string {
  if (malformed !== undefined) throw new EngineError("invalid", "syntax error in pattern");
  if (wildcard !== undefined) return wildcard === "*" ? "[^/]*" : "[^/]";
  if (ranges !== undefined) return translateClass(negation !== undefined, ranges);
  return escapeAll(escaped ?? literal ?? "");
}

function translateClass(negated: boolean, ranges: string): string {
  let members = "";
  for (const [, first = "", last = first] of ranges.matchAll(classRanges)) {
    const low = first.replace(/^\\/, "");
    const high = last.replace(/^\\/, "");
    // A range that runs backwards matches nothing, where a regular expression would be malformed.
    if ((low.codePointAt(0) ?? 0) <= (high.codePointAt(0) ?? 0))
      members += `${escapeMember(low)}-${escapeMember(high)}`;
  }
  if (members === "") return negated ? "[^]" : "(?!)";
  return negated ? `[^${members}]` : `[${members}]`;
}

function escapeAll(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function escapeMember(character: string): string {
  return character.replace(/[\\^\]-]/, "\\$&");
}
