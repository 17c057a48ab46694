/**
 * The tables of cases that lie beside the repository, in ../shared/conformance. They are not part of the
 * project; where they are absent, their tests say so by being skipped.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";

const folder = new URL("../../../shared/conformance/", import.meta.url);

// What a table holds is the caller's knowledge, hence the type parameters that nothing here checks.

/** Describes the tests that `define` makes of the table `file`, or one skipped test that names the reason. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function describeSharedTable<Table>(file: string, define: (table: Table) => void): void {
  describe(file, () => {
    const path = new URL(file, folder);
    if (!existsSync(path)) {
      it.skip(`skipped: ../shared/conformance/${file} is absent`, () => undefined);
      return;
    }
    const table: Table = JSON.parse(readFileSync(path, "utf8"));
    define(table);
  });
}

/** What most tables look like: the rows of the table-driven Go tests of a project. */
export interface GoTestTables {
  readonly tables: readonly { readonly func: string; readonly type: string; readonly rows: unknown }[];
}

/** All rows of the Go test function `func`, the first of its tables or the `nth`. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function rowsOf<Row>(tables: GoTestTables, func: string, nth = 0): readonly Row[] {
  const table = tables.tables.filter(candidate => candidate.func === func)[nth];
  if (!Array.isArray(table?.rows)) throw new Error(`no rows for ${func} [${nth}]`);
  const rows: Row[] = table.rows;
  return rows;
}
