import { describe, expect, it } from "vitest";
import {
  formatPortMapping,
  type PortMapping,
  parsePort,
  parsePortRange,
  parsePortSpec,
  parsePortSpecs,
  sortPortMappings,
  splitPort,
} from "../../engine/base/port-spec.ts";
import { describeSharedTable, type GoTestTables, rowsOf } from "./shared-table.ts";

interface Failing {
  readonly doc: string;
  readonly input?: string;
  readonly expErr?: string;
}

/** A Go struct as the table writes it. */
interface Literal<Fields> {
  readonly $fields: Fields;
}

type MappingLiteral = Literal<{ Port: string; Binding: Literal<{ HostIP: string; HostPort: string }> }>;

function mappingOf(literal: MappingLiteral): PortMapping {
  const { HostIP, HostPort } = literal.$fields.Binding.$fields;
  return { port: literal.$fields.Port, binding: { hostIp: HostIP, hostPort: HostPort } };
}

/**
 * The table follows a later go-connections than Docker 28 (0.5), which has Go's own words for a number that
 * is none. So the rows decide what is refused, and the message is checked against Docker 28's.
 */
const message28 =
  /^(strconv\.ParseUint: parsing ".*": (invalid syntax|value out of range)|empty string specified for ports|invalid range specified for port: 9000-8000)$/;

function numberTables(tables: GoTestTables): void {
  it.each(rowsOf<Failing & { expPort: number }>(tables, "TestParsePort"))("port: $doc", row => {
    if (row.expErr === undefined) expect(parsePort(row.input ?? "")).toBe(row.expPort);
    else expect(() => parsePort(row.input ?? "")).toThrow(message28);
  });
  it.each(rowsOf<Failing & { exp?: number }>(tables, "TestParsePortNumber"))("number: $doc", row => {
    const parse = () => parsePortRange(row.input ?? "").first;
    if (row.expErr === undefined) expect(parse()).toBe(row.exp ?? 0);
    else expect(parse).toThrow(message28);
  });
  it.each(rowsOf<Failing & { expBegin?: number; expEnd?: number }>(tables, "TestParsePortRange"))(
    "range: $doc",
    row => {
      const parse = () => parsePortRange(row.input ?? "");
      if (row.expErr !== undefined) expect(parse).toThrow(message28);
      else expect(parse()).toEqual({ first: row.expBegin ?? 0, last: row.expEnd ?? 0 });
    },
  );
  it.each(
    rowsOf<{ doc: string; input?: string; expPort?: string; expProto?: string }>(
      tables,
      "TestSplitProtoPort",
    ),
  )("split: $doc", row => {
    const expected = { port: row.expPort ?? "", protocol: row.expProto ?? "" };
    expect(splitPort(row.input ?? "")).toEqual(expected);
  });
}

function specTables(tables: GoTestTables): void {
  it.each(
    rowsOf<{ name: string; spec: string; expError: string }>(tables, "TestParsePortSpecEmptyContainerPort"),
  )("$name", ({ spec, expError }) => expect(() => parsePortSpec(spec)).toThrow(expError));
  it("0.0.0.0:1234-1235:3333-3334/tcp", () => {
    const expected = rowsOf<MappingLiteral>(tables, "TestParsePortSpecFull").map(mappingOf);
    expect(parsePortSpec("0.0.0.0:1234-1235:3333-3334/tcp")).toEqual(expected);
  });
  it.each(rowsOf<{ name: string; spec: string; expected: MappingLiteral[] }>(tables, "TestPartPortSpecIPV6"))(
    "$name",
    ({ spec, expected }) => expect(parsePortSpec(spec)).toEqual(expected.map(mappingOf)),
  );
  it.each(rowsOf<{ doc: string; in: string; expected: string }>(tables, "TestStringer"))(
    "string: $doc",
    row => expect(parsePortSpec(row.in).map(formatPortMapping)).toEqual([row.expected]),
  );
}

const portCounts = { TestParsePortSpecs: 1, TestParsePortSpecsWithRange: 3 };

function listTables(tables: GoTestTables): void {
  for (const [func, perProtocol] of Object.entries(portCounts)) {
    for (const [nth, hasHost, hasAddress] of [
      [0, false, false],
      [1, true, false],
      [2, true, true],
    ] as const) {
      const specs = rowsOf<string>(tables, func, nth);
      it(`${func}: ${specs.join(" ")}`, () => {
        const bindings = parsePortSpecs(specs);
        expect(bindings.size).toBe(3 * perProtocol);
        for (const [port, [binding]] of bindings) {
          const hostPort = hasHost ? splitPort(port).port : "";
          expect(binding).toEqual({ hostIp: hasAddress ? "0.0.0.0" : "", hostPort });
        }
      });
    }
  }
}

/** A Go composite literal without fields is an empty list in the table. */
type BindingLiteral = readonly [] | Literal<{ HostIP?: string; HostPort?: string }>;

function bindingsByPort({ tables }: GoTestTables): Readonly<Record<string, readonly BindingLiteral[]>> {
  const rows = tables.find(table => table.type === "map[Port][]PortBinding")?.rows;
  if (typeof rows !== "object" || rows === null) throw new Error("no bindings in the table");
  return { ...rows };
}

function sortTables(tables: GoTestTables): void {
  const before = rowsOf<string>(tables, "TestSortPortMap", 0);
  const bindings = bindingsByPort(tables);
  const after = rowsOf<string>(tables, "TestSortPortMap", 2);
  const sort = () =>
    sortPortMappings(
      before.flatMap(port => {
        const known = bindings[port] ?? [];
        return (known.length === 0 ? [[] as const] : known).map(binding => ({
          port,
          binding:
            "$fields" in binding
              ? { hostIp: binding.$fields.HostIP ?? "", hostPort: binding.$fields.HostPort ?? "" }
              : { hostIp: "", hostPort: "" },
        }));
      }),
    );

  it("orders the ports", () => expect([...new Set(sort().map(({ port }) => port))]).toEqual(after));
  it("orders the bindings of a port", () => {
    const hostPorts = sort().flatMap(({ port, binding }) => (port === "6379/tcp" ? [binding.hostPort] : []));
    expect(hostPorts).toEqual(["32749", ""]);
  });
  // TestSortUniquePorts and TestSortSamePortWithDifferentProto sort by a comparison of their own, not nat's.
}

describeSharedTable<GoTestTables>("nat-ports.json", tables => {
  describe("numbers", () => numberTables(tables));
  describe("specs", () => specTables(tables));
  describe("lists", () => listTables(tables));
  describe("order", () => sortTables(tables));
});
