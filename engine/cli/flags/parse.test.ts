import { describe, expect, expectTypeOf, it } from "vitest";
import type { Ulimit } from "../../base/units.ts";
import { filters, list, map, pairs, repeated, strings, ulimits } from "./collection-types.ts";
import type { FlagTable, FlagValues } from "./flag.ts";
import { parseFlags } from "./parse.ts";
import {
  bool,
  bytes,
  custom,
  decimal,
  duration,
  float,
  int,
  optionalBool,
  positiveDuration,
  string,
  swapBytes,
  uint,
} from "./scalar-types.ts";

const table = {
  all: { short: "a", type: bool(), usage: "" },
  detach: { short: "d", type: bool(), usage: "" },
  init: { type: optionalBool(), usage: "" },
  name: { short: "n", type: string("box"), usage: "" },
  color: { type: string("never", "auto"), usage: "" },
  tail: { short: "t", type: int(-1), usage: "" },
  weight: { type: uint(0, "uint16"), usage: "" },
  ratio: { type: float(), usage: "" },
  interval: { type: duration(), usage: "" },
  grace: { type: positiveDuration(), usage: "" },
  memory: { short: "m", type: bytes(), usage: "" },
  swap: { type: swapBytes(), usage: "" },
  cpus: { type: decimal(), usage: "" },
  env: { short: "e", type: list(), usage: "" },
  dns: { type: strings(["1.1.1.1"]), usage: "" },
  label: { type: map(), usage: "" },
  opt: { type: pairs(), usage: "" },
  ulimit: { type: ulimits(), usage: "" },
  filter: { short: "f", type: filters(), usage: "" },
  mode: { type: custom("mode", "ro", text => text.toUpperCase()), usage: "" },
  device: { type: repeated({ word: "list", shown: "[]" }, text => text.length), usage: "" },
  help: { short: "h", shortDeprecated: "use --help", type: bool(), usage: "" },
  time: { deprecated: "use --timeout instead", type: int(), usage: "" },
} satisfies FlagTable;

const valuesOf = (...args: string[]) => parseFlags(table, args).values;

describe("parseFlags", () => {
  it("gives each value the type of its flag", () => {
    expectTypeOf<FlagValues<typeof table>>().toMatchObjectType<{
      readonly all: boolean;
      readonly init: boolean | undefined;
      readonly name: string;
      readonly tail: number;
      readonly grace: number | undefined;
      readonly env: readonly string[];
      readonly label: ReadonlyMap<string, string>;
      readonly ulimit: ReadonlyMap<string, Ulimit>;
      readonly filter: ReadonlyMap<string, readonly string[]>;
      readonly device: readonly number[];
    }>();
    expectTypeOf(parseFlags(table, []).given).toEqualTypeOf<ReadonlySet<keyof typeof table>>();
  });

  it("starts from the initial values", () => {
    const { values, given, positionals, dash, warnings } = parseFlags(table, []);
    expect(values).toMatchObject({
      all: false,
      init: undefined,
      name: "box",
      tail: -1,
      dns: ["1.1.1.1"],
      env: [],
    });
    expect([given.size, positionals, dash, warnings]).toEqual([0, [], undefined, []]);
  });

  it.each([
    [["--name", "x"]],
    [["--name=x"]],
    [["-n", "x"]],
    [["-nx"]],
    [["-n=x"]],
    [["-adnx"]],
    [["-ad", "-n=x"]],
    [["--name=y", "--name=x"]],
  ])("%j sets the name", args => {
    const { values, given } = parseFlags(table, args);
    expect(values.name).toBe("x");
    expect(given.has("name")).toBe(true);
    expect(values.all).toBe(given.has("all"));
  });

  it.each([
    ["--name=", ""],
    ["--name=a=b", "a=b"],
    ["-n=", "="],
    ["-n=a=b", "a=b"],
  ])("%s", (arg, name) => expect(valuesOf(arg).name).toBe(name));

  it("reads switches", () => {
    expect(valuesOf("-a", "--detach=false", "--init")).toMatchObject({
      all: true,
      detach: false,
      init: true,
    });
    expect(valuesOf("-ad=0")).toMatchObject({ all: true, detach: false });
    expect(valuesOf("--init=f").init).toBe(false);
  });

  it("lets a value be left out where the flag allows it", () => {
    expect(parseFlags(table, ["--color", "always"])).toMatchObject({
      values: { color: "auto" },
      positionals: ["always"],
    });
    expect(valuesOf("--color=always").color).toBe("always");
  });

  it.each([
    [["--tail=0x10"], { tail: 16 }],
    [["--weight", "65535"], { weight: 65535 }],
    [["--ratio=.5"], { ratio: 0.5 }],
    [["--interval=1m30s", "--grace=0s"], { interval: 90e9, grace: 0 }],
    [["-m", "1.5g", "--swap=-1"], { memory: 1610612736, swap: -1 }],
    [["--cpus=1.5"], { cpus: 1500000000 }],
    [["--cpus=3/4"], { cpus: 750000000 }],
    [["--cpus=25e-2"], { cpus: 250000000 }],
    [["-eA=1", "-e", "B"], { env: ["A=1", "B"] }],
    [["--dns=a,b", "--dns", '"c,d",e', "--dns="], { dns: ["a", "b", "c,d", "e"] }],
    [
      ["--label=a=1", "--label=b", "--label=a=2=3"],
      {
        label: new Map([
          ["a", "2=3"],
          ["b", ""],
        ]),
      },
    ],
    [
      ["--opt=a=1,b=2", '--opt="c=3"'],
      {
        opt: new Map([
          ["a", "1"],
          ["b", "2"],
          ["c", "3"],
        ]),
      },
    ],
    [["--ulimit=core=1"], { ulimit: new Map([["core", { name: "core", soft: 1, hard: 1 }]]) }],
    [["-f", "Label = x", "-f=label=y", "-flabel=x", "-f", ""], { filter: new Map([["label", ["x", "y"]]]) }],
    [["--mode=rw", "--device=abc", "--device=a"], { mode: "RW", device: [3, 1] }],
  ])("%j", (args, values) => expect(valuesOf(...args)).toMatchObject(values));

  it("mixes flags and positionals", () => {
    expect(parseFlags(table, ["x", "-a", "-", "y"])).toMatchObject({
      values: { all: true },
      positionals: ["x", "-", "y"],
    });
  });
  it("stops at the first positional when told to", () => {
    const parsed = parseFlags(table, ["-a", "x", "-d", "--", "y"], { interspersed: false });
    expect(parsed).toMatchObject({
      values: { all: true, detach: false },
      positionals: ["x", "-d", "--", "y"],
    });
    expect(parsed.dash).toBeUndefined();
  });
  it("stops at two dashes", () => {
    expect(parseFlags(table, ["x", "--", "-a", "--"])).toMatchObject({
      positionals: ["x", "-a", "--"],
      dash: 1,
    });
  });

  it("warns of deprecated names", () => {
    expect(parseFlags(table, ["-h", "--time=5", "--help"]).warnings).toEqual([
      "Flag shorthand -h has been deprecated, use --help",
      "Flag --time has been deprecated, use --timeout instead",
    ]);
  });

  it.each([
    [["--foo"], "unknown flag: --foo"],
    [["--foo=1"], "unknown flag: --foo"],
    [["--constructor"], "unknown flag: --constructor"],
    [["-az"], "unknown shorthand flag: 'z' in -z"],
    [["-zx"], "unknown shorthand flag: 'z' in -zx"],
    [["-'"], "unknown shorthand flag: '\\'' in -'"],
    [["-a="], "unknown shorthand flag: '=' in -="],
    [["--name"], "flag needs an argument: --name"],
    [["-m"], "flag needs an argument: 'm' in -m"],
    [["-am"], "flag needs an argument: 'm' in -m"],
    [["--=x"], "bad flag syntax: --=x"],
    [["---a"], "bad flag syntax: ---a"],
    [
      ["-t", "x"],
      'invalid argument "x" for "-t, --tail" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [["-a=x"], 'invalid argument "x" for "-a, --all" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    [["--help=x"], 'invalid argument "x" for "--help" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    [
      ["--weight=-1"],
      'invalid argument "-1" for "--weight" flag: strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    [["--interval=1"], 'invalid argument "1" for "--interval" flag: time: missing unit in duration "1"'],
    [["--grace=-1s"], 'invalid argument "-1s" for "--grace" flag: duration cannot be negative'],
    [["-m=x"], 'invalid argument "x" for "-m, --memory" flag: invalid size: \'x\''],
    [["--cpus=x"], 'invalid argument "x" for "--cpus" flag: failed to parse x as a rational number'],
    [["--cpus=."], 'invalid argument "." for "--cpus" flag: failed to parse . as a rational number'],
    [["--cpus=1/0"], 'invalid argument "1/0" for "--cpus" flag: failed to parse 1/0 as a rational number'],
    [["--cpus=1e-10"], 'invalid argument "1e-10" for "--cpus" flag: value is too precise'],
    [["--cpus=1/3"], 'invalid argument "1/3" for "--cpus" flag: value is too precise'],
    [["--opt=a"], 'invalid argument "a" for "--opt" flag: a must be formatted as key=value'],
    [
      ["--filter=a"],
      'invalid argument "a" for "-f, --filter" flag: bad format of filter (expected name=value)',
    ],
    [
      ['--dns=a"b'],
      'invalid argument "a\\"b" for "--dns" flag: parse error on line 1, column 2: bare " in non-quoted-field',
    ],
  ])("refuses %j", (args, message) => {
    expect(() => parseFlags(table, args)).toThrow(expect.objectContaining({ kind: "invalid", message }));
  });
});
