/** Reads `-v`, as far as the client has to: whether it names a source, and whether that is a path. */
import { EngineError } from "../../base/errors.ts";

/** A value of `-v`. */
export interface VolumeSpec {
  /** Empty for an anonymous volume. */
  readonly source: string;
  /** Whether the source is a path of the host's. */
  readonly isBind: boolean;
}

/** A section of the text; "c:" starts one where it may be a drive of Windows. */
const section = /(?:(?<![^:])\p{L}:)?[^:]*/uy;

function sectionsOf(text: string): string[] {
  const sections: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    section.lastIndex = at;
    const found = section.exec(text)?.[0] ?? "";
    sections.push(found);
    at += found.length;
  }
  return sections;
}

function isPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^\p{L}:/u.test(source);
}

/** Throws "invalid" in Docker's words where sections are missing, or too many. */
export function parseVolumeSpec(text: string): VolumeSpec {
  if (text === "") throw new EngineError("invalid", "invalid empty volume spec");
  if (text.length <= 2) return { source: "", isBind: false };
  const sections = sectionsOf(text);
  const fault = sections.slice(0, 4).includes("")
    ? "empty section between colons"
    : sections.length > 3
      ? "too many colons"
      : undefined;
  if (fault !== undefined) throw new EngineError("invalid", `invalid spec: ${text}: ${fault}`);
  const [source = ""] = sections.length > 1 ? sections : [];
  return { source, isBind: isPath(source) };
}
