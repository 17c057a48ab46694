import { describe, expect, it } from "vitest";
import * as grammar from "../../engine/base/reference-grammar.ts";
import {
  familiarName,
  formatReference,
  matchesFamiliar,
  nameOf,
  parseCanonical,
  parseFamiliar,
  parseImageArgument,
  parsePinned,
  parseReference,
  type Reference,
  withDigest,
  withTag,
} from "../../engine/base/reference.ts";
import { describeSharedTable, type GoTestTables, rowsOf } from "./shared-table.ts";

interface MatchRow {
  readonly input: string;
  readonly match: boolean;
  readonly subs?: readonly string[];
}

function shouldMatch(syntax: RegExp, rows: readonly MatchRow[]): void {
  it.each(rows)("$input", ({ input, match, subs }) => {
    const found = syntax.exec(input);
    expect(found !== null).toBe(match);
    if (subs !== undefined) expect(found?.slice(1).map(group => group ?? "")).toEqual(subs);
  });
}

function grammarTables(tables: GoTestTables): void {
  describe("domain", () => shouldMatch(grammar.domainSyntax, rowsOf(tables, "TestDomainRegexp")));
  describe("name", () => shouldMatch(grammar.nameSyntax, rowsOf(tables, "TestFullNameRegexp")));
  describe("reference", () => shouldMatch(grammar.referenceSyntax, rowsOf(tables, "TestReferenceRegexp")));
  describe("identifier", () => shouldMatch(grammar.identifierSyntax, rowsOf(tables, "TestIdentifierRegexp")));
}

function namesTables(tables: GoTestTables): void {
  for (const func of ["TestValidateReferenceName", "TestValidateRemoteName"]) {
    it.each(rowsOf<string>(tables, func, 0))(`${func} takes %s`, name => {
      expect(() => parseFamiliar(name)).not.toThrow();
    });
    it.each(rowsOf<string>(tables, func, 1))(`${func} refuses %s`, name => {
      expect(() => parseFamiliar(name)).toThrow();
    });
  }
}

interface RepositoryRow {
  readonly RemoteName: string;
  readonly FamiliarName: string;
  readonly FullName: string;
  readonly AmbiguousName: string;
  readonly Domain: string;
}

function normalisationTables(tables: GoTestTables): void {
  it.each(rowsOf<RepositoryRow>(tables, "TestParseRepositoryInfo"))("repository $FullName", row => {
    for (const name of [row.FamiliarName, row.FullName, row.AmbiguousName]) {
      if (name === "") continue;
      const reference = parseFamiliar(name);
      expect(nameOf(reference)).toBe(row.FullName);
      expect(familiarName(reference)).toBe(row.FamiliarName);
      expect(reference.domain).toBe(row.Domain);
      expect(reference.path).toBe(row.RemoteName);
    }
  });
  it.each(rowsOf<{ Reference: string; Equivalent: string }>(tables, "TestParseAnyReference"))(
    "any $Reference",
    ({ Reference: text, Equivalent }) => {
      const argument = parseImageArgument(text);
      expect(argument.kind === "name" ? formatReference(argument.reference) : argument.digest).toBe(
        Equivalent,
      );
    },
  );
  it.each(rowsOf<{ input: string; domain: string; path: string }>(tables, "TestNormalizedSplitHostname"))(
    "split $input",
    ({ input, domain, path }) => expect(parseFamiliar(input)).toMatchObject({ domain, path }),
  );
  it.each(rowsOf<{ reference: string; pattern: string; expected: boolean }>(tables, "TestMatch"))(
    "$reference against $pattern",
    ({ reference, pattern, expected }) => {
      expect(matchesFamiliar(pattern, parseFamiliar(reference))).toBe(expected);
    },
  );
  it.each(rowsOf<{ name: string; input: string; expected: string }>(tables, "TestParseDockerRef"))(
    "pinned: $name",
    ({ input, expected }) => expect(formatReference(parsePinned(input))).toBe(expected),
  );
}

interface ReferenceRow {
  readonly input: string;
  readonly repository: string;
  readonly domain?: string;
  readonly tag?: string;
  readonly digest?: string;
}

interface CombinedRow {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly combined: string;
}

/** The reference that the row's source starts from, made without the call under test. */
function startOf(row: CombinedRow, known: "tag" | "digest"): Reference {
  return { ...parseReference(row.name), [known]: row[known] };
}

function parsingTables(tables: GoTestTables): void {
  it.each(rowsOf<ReferenceRow>(tables, "TestReferenceParse"))("parse $input", row => {
    const reference = parseReference(row.input);
    expect(nameOf(reference)).toBe(row.repository);
    expect(reference).toMatchObject({ domain: row.domain ?? "", tag: row.tag, digest: row.digest });
    expect(formatReference(reference)).toBe(row.input);
  });
  it.each(rowsOf<{ input: string; domain: string; path: string }>(tables, "TestDomainAndPath"))(
    "domain and path of $input",
    ({ input, domain, path }) => expect(parseReference(input)).toMatchObject({ domain, path }),
  );
  it.each(
    rowsOf<{ input: string; name: string; tag?: string; digest?: string }>(tables, "TestSerialization"),
  )("serialise $input", ({ input, name, tag, digest }) => {
    const reference = parseReference(input);
    expect(nameOf(reference)).toBe(name);
    expect(reference).toMatchObject({ tag, digest });
    expect(formatReference(reference)).toBe(input);
  });
  it.each(rowsOf<CombinedRow>(tables, "TestWithTag"))("with tag: $combined", row => {
    expect(formatReference(withTag(startOf(row, "digest"), row.tag ?? ""))).toBe(row.combined);
  });
  it.each(rowsOf<CombinedRow>(tables, "TestWithDigest"))("with digest: $combined", row => {
    expect(formatReference(withDigest(startOf(row, "tag"), row.digest ?? ""))).toBe(row.combined);
  });
  it.each(rowsOf<{ input: string; domain: string; path: string }>(tables, "TestParseNamed"))(
    "canonical $input",
    ({ input, domain, path }) => expect(parseCanonical(input)).toMatchObject({ domain, path }),
  );
}

describeSharedTable<GoTestTables>("reference.json", tables => {
  describe("grammar", () => grammarTables(tables));
  describe("names", () => namesTables(tables));
  describe("normalisation", () => normalisationTables(tables));
  describe("parsing", () => parsingTables(tables));
});
