import { describe, expect, it, vi } from "vitest";
import { Float, headerFunctions, NilPointer, parseTemplate, typed } from "./template.ts";

const data = {
  a: 1,
  b: "two",
  list: [1, "x", null, 2.5],
  words: ["p", "q"],
  deep: { x: { y: "value" }, n: null },
  empty: [],
  rate: 1.5,
  on: true,
  markup: 'it\'s <b>&"q" 你',
  none: null,
};

function render(text: string, value: unknown = data): string {
  return parseTemplate("", text).execute(value);
}

function describeOutputs(title: string, cases: readonly (readonly [text: string, output: string])[]): void {
  describe(title, () => {
    it.each(cases)("%s", (text, output) => expect(render(text)).toBe(output));
  });
}

function describeFaults(title: string, cases: readonly (readonly [text: string, message: string])[]): void {
  describe(title, () => {
    it.each(cases)("%s", (text, message) => {
      expect(() => render(text)).toThrow(expect.objectContaining({ kind: "invalid", message }));
    });
  });
}

describeOutputs("values", [
  ["plain text", "plain text"],
  ["{{.a}} {{.b}} {{.rate}} {{.on}}", "1 two 1.5 true"],
  ["{{.list}} {{.empty}}", "[1 x <nil> 2.5] []"],
  ["{{.deep}}", "map[n:<nil> x:map[y:value]]"],
  ["{{.deep.x.y}} {{(.deep).x.y}} {{$.deep.x.y}}", "value value value"],
  ["{{.missing}} {{.missing.too}} {{.none}} {{.deep.n}}", "<no value> <no value> <no value> <no value>"],
  ["{{1.0}} {{1e6}} {{100000.0}} {{0x1F}} {{'a'}} {{1_000}}", "1 1e+06 100000 31 97 1000"],
  ['{{"a\\tb"}}{{`\\t`}}', "a\tb\\t"],
  ["{{9223372036854775807}} {{-9007199254740993}}", "9223372036854775807 -9007199254740993"],
]);

describeOutputs("trim markers and comments", [
  ["a \n{{- .b -}}\n c", "atwoc"],
  ["a {{/* no */}} b", "a  b"],
  ["a {{- /* no\n */ -}} b", "ab"],
  ["{{-3}}", "-3"],
  ["{{- -3 -}}", "-3"],
]);

describeOutputs("branches", [
  ["{{if .on}}yes{{else}}no{{end}}", "yes"],
  ["{{if .empty}}yes{{else if eq .a 1}}one{{else}}no{{end}}", "one"],
  ["{{if .missing}}yes{{end}}{{if 0}}yes{{end}}{{if 0.0}}yes{{end}}{{if ``}}yes{{end}}", ""],
  ["{{with .deep.x}}{{.y}} {{$.b}}{{end}}", "value two"],
  ["{{with .none}}x{{else with .b}}{{.}}{{else}}y{{end}}", "two"],
  ["{{with $x := .b}}{{$x}}{{end}}", "two"],
]);

describeOutputs("loops", [
  ["{{range .words}}[{{.}}]{{end}}", "[p][q]"],
  ["{{range $i, $w := .words}}{{$i}}={{$w}};{{end}}", "0=p;1=q;"],
  ["{{range $w := .words}}{{$w}}{{end}}", "pq"],
  ["{{range $k, $v := .deep}}{{$k}}:{{$v}} {{end}}", "n:<no value> x:map[y:value] "],
  ["{{range .empty}}x{{else}}none{{end}}{{range .missing}}x{{else}} nothing{{end}}", "none nothing"],
  ["{{range 3}}{{.}}{{end}}{{range 0}}x{{else}}-{{end}}", "012-"],
  [
    "{{range .list}}{{if not .}}{{break}}{{end}}{{if gt (len (print .)) 1}}{{continue}}{{end}}{{.}}{{end}}",
    "1x",
  ],
  ["{{$last := 0}}{{range $last = .words}}{{end}}{{$last}}", "q"],
  ["{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}{{if true}}{{$x = 3}}{{end}}{{$x}}", "13"],
]);

describeOutputs("definitions", [
  ['{{define "t"}}<{{.}}{{$}}>{{end}}{{template "t" .b}}', "<twotwo>"],
  ['{{template "t"}}{{define "t"}}{{.}}{{end}}', "<no value>"],
  ['{{block "t" .b}}[{{.}}]{{end}}{{template "t" .a}}', "[two][1]"],
  [
    '{{define "loop"}}{{if .}}{{len .}}{{template "loop" (slice . 1)}}{{end}}{{end}}{{template "loop" .b}}',
    "321",
  ],
]);

describeOutputs("Go's functions", [
  ["{{and 1 0 .missing.x}} {{or 0 .b}} {{not .on}}", "0 two false"],
  [
    "{{eq .a 2 1}} {{ne .b `x`}} {{lt 1 2}} {{le 2 2}} {{gt `b` `a`}} {{ge 1.5 2.5}}",
    "true true true true true false",
  ],
  ["{{eq .none nil}} {{eq .a nil}}", "true false"],
  ["{{len .b}} {{len .list}} {{len .deep}} {{len `你好`}}", "3 4 2 6"],
  [
    "{{index .list 1}} {{index .deep `x` `y`}} {{index .deep `nix`}} {{index `abc` 1}}",
    "x value <no value> 98",
  ],
  ["{{slice .b 1}} {{slice .list 1 2}} {{slice .words 0 1 2}} {{slice `你好` 3}}", "wo [x] [p] 好"],
  ["{{print .a .b .a 2}} {{print .none}}{{println .a .b}}", "1two1 2 <nil>1 two\n"],
  ["{{html .markup}}", "it&#39;s &lt;b&gt;&amp;&#34;q&#34; 你"],
  ["{{js .markup}}", 'it\\\'s \\u003Cb\\u003E\\u0026\\"q\\" 你'],
  ["{{urlquery .markup}}", "it%27s+%3Cb%3E%26%22q%22+%E4%BD%A0"],
  ["{{html .none}} {{urlquery .a .b}}", "&lt;no value&gt; 1two"],
  ["{{.b | printf `%s-%d-%s` .b 1 | len}}", "9"],
]);

describeOutputs("Docker's functions", [
  ["{{json .deep}} {{json .list}} {{json .missing}}", '{"n":null,"x":{"y":"value"}} [1,"x",null,2.5] null'],
  ["{{json .markup}}", '"it\'s <b>&\\"q\\" 你"'],
  ["{{split `a:b` `:`}} {{index (split `a:b` `:`) 1}} {{split `ab` ``}}", "[a b] b [a b]"],
  ["{{join .words `-`}} {{join (split `a:b` `:`) `/`}}", "p-q a/b"],
  ["{{title `hello big-world it's`}} {{lower `ABC`}} {{upper `abc`}}", "Hello Big-World It'S abc ABC"],
  ["[{{pad .b 2 1}}] [{{pad `` 2 1}}]", "[  two ] []"],
  ["{{truncate .b 2}} {{truncate .b 9}}", "tw two"],
]);

describeFaults("faults of syntax", [
  ["{{.a", "template: :1: unclosed action"],
  ["\n{{.a\n", "template: :3: unclosed action started at :2"],
  ["{{foo}}", 'template: :1: function "foo" not defined'],
  ["{{.a b}}", 'template: :1: function "b" not defined'],
  ["{{if}}x{{end}}", "template: :1: missing value for if"],
  ["{{if .a}}x", "template: :1: unexpected EOF"],
  ["{{end}}", "template: :1: unexpected {{end}}"],
  ["{{else}}", "template: :1: unexpected {{else}}"],
  ["{{if .a}}{{else}}{{else}}{{end}}", "template: :1: expected end; found {{else}}"],
  ["{{}}", "template: :1: missing value for command"],
  ["{{.a | 1}}", "template: :1: non executable command in pipeline stage 2"],
  ["{{$x}}", 'template: :1: undefined variable "$x"'],
  ["{{(.a}}", "template: :1: unclosed left paren"],
  ["{{.a)}}", "template: :1: unexpected right paren"],
  ["{{.a%}}", "template: :1: bad character U+0025 '%'"],
  ['{{"abc}}', "template: :1: unterminated quoted string"],
  ["{{`abc}}", "template: :1: unterminated raw quoted string"],
  ["{{'a}}", "template: :1: unterminated character constant"],
  ["{{'ab'}}", "template: :1: malformed character constant: 'ab'"],
  ["{{1x}}", 'template: :1: bad number syntax: "1x"'],
  ["{{09}}", 'template: :1: integer overflow: "09"'],
  ["{{0x}}", 'template: :1: illegal number syntax: "0x"'],
  ["{{99999999999999999999}}", 'template: :1: integer overflow: "99999999999999999999"'],
  ["{{/* }}", "template: :1: unclosed comment"],
  ["{{/* */ x}}", "template: :1: comment ends before closing delimiter"],
  ["{{1.a}}", 'template: :1: bad number syntax: "1.a"'],
  ["{{nil.a}}", 'template: :1: unexpected . after term "nil"'],
  ["{{break}}", "template: :1: {{break}} outside {{range}}"],
  ["{{range $a, $b, $c := .x}}{{end}}", "template: :1: too many declarations in range"],
  ["{{$a, $b := .x}}", "template: :1: too many declarations in command"],
  [
    '{{define "t"}}a{{end}}{{define "t"}}b{{end}}',
    'template: :1: template: multiple definition of template "t"',
  ],
  ["{{template x}}", 'template: :1: unexpected "x" in template clause'],
  ["{{.a := 1}}", 'template: :1: unexpected ":=" in operand'],
  ["{{.aVeryLongName,}}", 'template: :1: unexpected "," in operand'],
]);

describeFaults("faults of execution", [
  ["{{nil}}", 'template: :1:2: executing "" at <nil>: nil is not a command'],
  ["{{.b.c}}", 'template: :1:4: executing "" at <.b.c>: can\'t evaluate field c in type interface {}'],
  ["{{$x := .b}}{{$x.c}}", 'template: :1:16: executing "" at <$x.c>: can\'t evaluate field c in type string'],
  [
    "{{range .words}}{{.c}}{{end}}",
    'template: :1:18: executing "" at <.c>: can\'t evaluate field c in type interface {}',
  ],
  ["你\n你{{.none.x}}", 'template: :2:10: executing "" at <.none.x>: nil pointer evaluating interface {}.x'],
  ["{{1 2}}", 'template: :1:2: executing "" at <1>: can\'t give argument to non-function 1'],
  ["{{.a 2}}", 'template: :1:2: executing "" at <.a>: a is not a method but has arguments'],
  ["{{len 3}}", 'template: :1:2: executing "" at <len 3>: error calling len: len of type int'],
  ["{{len}}", 'template: :1:2: executing "" at <len>: wrong number of args for len: want 1 got 0'],
  [
    "{{printf}}",
    'template: :1:2: executing "" at <printf>: wrong number of args for printf: want at least 1 got 0',
  ],
  ["{{or}}", 'template: :1:2: executing "" at <or>: wrong number of args for or: want at least 1 got 0'],
  [
    "{{eq 1 2.0}}",
    'template: :1:2: executing "" at <eq 1 2.0>: error calling eq: incompatible types for comparison',
  ],
  [
    "{{lt .on .on}}",
    'template: :1:2: executing "" at <lt .on .on>: error calling lt: invalid type for comparison',
  ],
  [
    "{{index .list 9}}",
    'template: :1:2: executing "" at <index .list 9>: error calling index: index out of range: 9',
  ],
  [
    "{{slice .b 2 1}}",
    'template: :1:2: executing "" at <slice .b 2 1>: error calling slice: invalid slice index: 2 > 1',
  ],
  [
    "{{call .b}}",
    'template: :1:2: executing "" at <call .b>: error calling call: non-function of type string',
  ],
  ["{{upper 1}}", 'template: :1:8: executing "" at <1>: expected string; found 1'],
  ["{{upper .a}}", 'template: :1:8: executing "" at <.a>: wrong type for value; expected string; got int'],
  ["{{upper .missing}}", 'template: :1:8: executing "" at <.missing>: invalid value; expected string'],
  ["{{upper nil}}", 'template: :1:8: executing "" at <nil>: cannot assign nil to string'],
  [
    "{{join .a `,`}}",
    'template: :1:7: executing "" at <.a>: wrong type for value; expected []string; got int',
  ],
  [
    "{{truncate .b -1}}",
    'template: :1:2: executing "" at <truncate .b -1>: error calling truncate: runtime error: slice bounds out of range [:-1]',
  ],
  ["{{range .b}}{{end}}", 'template: :1:8: executing "" at <.b>: range can\'t iterate over two'],
  [
    "{{range $i, $e := 3}}{{end}}",
    'template: :1:18: executing "" at <3>: can\'t use 3 to iterate over more than one variable',
  ],
  ['{{template "t"}}', 'template: :1:11: executing "" at <{{template "t"}}>: template "t" not defined'],
  [
    '{{define "t"}}{{template "t"}}{{end}}{{template "t"}}',
    'template: :1:25: executing "t" at <{{template "t"}}>: exceeded maximum template depth (100)',
  ],
]);

describe("structs", () => {
  const columns = vi.fn(() => "80/tcp");
  const row = () =>
    typed("*formatter.ContainerContext", {
      Name: "web",
      Size: new Float(2),
      Tags: typed("[]string", ["a", "b"]),
      Labels: typed("map[string]string", { k: "v" }),
      Health: new NilPointer("*container.Health"),
      Ports: columns,
      Label: (name: string) => `label ${name}`,
      Broken: (): string => {
        throw new Error("boom");
      },
    });
  const show = (text: string): string => render(text, row());

  it("computes what is shown", () => {
    expect(show("{{.Name}}")).toBe("web");
    expect(columns).not.toHaveBeenCalled();
    expect(show("{{.Ports}} {{.Ports}}")).toBe("80/tcp 80/tcp");
    expect(columns).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['{{.Label "a.b"}} {{"x" | .Label}} {{.Label .Name}}', "label a.b label x label web"],
    ["{{.Labels.k}}{{index .Labels `none`}}|{{.Labels.none}}", "v|<no value>"],
    ["{{.Health}} {{json .Health}} {{if .Health}}x{{else}}none{{end}}", "<nil> null none"],
    ["{{eq .Health nil}} {{print .Health}}", "true <nil>"],
    ['{{printf "%.1f" .Size}} {{.Size}}', "2.0 2"],
    ["{{join .Tags `,`}}", "a,b"],
  ])("%s", (text, output) => expect(show(text)).toBe(output));

  const place = 'template: :1:2: executing "" at';
  it.each([
    ["{{.Foo}}", `${place} <.Foo>: can't evaluate field Foo in type *formatter.ContainerContext`],
    [
      "{{.toString}}",
      `${place} <.toString>: can't evaluate field toString in type *formatter.ContainerContext`,
    ],
    ["{{.Name 1}}", `${place} <.Name>: Name has arguments but cannot be invoked as function`],
    ["{{.Label}}", `${place} <.Label>: wrong number of args for Label: want 1 got 0`],
    ["{{.Label 1}}", 'template: :1:9: executing "" at <1>: expected string; found 1'],
    ["{{.Broken}}", `${place} <.Broken>: error calling Broken: boom`],
    [
      "{{.Health.Log}}",
      'template: :1:9: executing "" at <.Health.Log>: nil pointer evaluating *container.Health.Log',
    ],
    ["{{.Name.X}}", 'template: :1:7: executing "" at <.Name.X>: can\'t evaluate field X in type string'],
    ["{{.Tags.X}}", 'template: :1:7: executing "" at <.Tags.X>: can\'t evaluate field X in type []string'],
    [
      "{{range .Tags}}{{.X}}{{end}}",
      'template: :1:17: executing "" at <.X>: can\'t evaluate field X in type string',
    ],
  ])("%s", (text, message) => expect(() => show(text)).toThrow(expect.objectContaining({ message })));

  it("prints them", () => {
    const inner = typed("*main.Pair", { A: 7, B: "x", C: () => [1] });
    expect(render("{{.}} {{print .}} {{printf `%+v %v` . .}}", inner)).toBe(
      "{7 x [1]} &{7 x [1]} &{A:7 B:x C:[1]} &{7 x [1]}",
    );
    expect(render("{{json .}}", inner)).toBe('{"A":7,"B":"x","C":[1]}');
    const row2 = typed("*main.Row", { B: 1, A: 2, toJSON: () => ({ z: 1, a: 2 }) });
    expect(render("{{json .}}", row2)).toBe('{"a":2,"z":1}');
  });

  it("takes methods of a class", () => {
    class Row {
      readonly #name = "web";
      Name(): string {
        return this.#name;
      }
    }
    expect(render("{{.Name}}", typed("*x.Row", new Row()))).toBe("web");
  });
});

describe("data", () => {
  it("may be Maps, with keys of any kind", () => {
    const ports = new Map([
      [443, "https"],
      [80, "http"],
    ]);
    expect(render("{{range $k, $v := .}}{{$k}}={{$v}} {{end}}{{index . 80}} {{.}}", ports)).toBe(
      "80=http 443=https http map[80:http 443:https]",
    );
  });
  it("never shows what objects inherit", () => {
    expect(render("{{.constructor}} {{.toString}}", {})).toBe("<no value> <no value>");
  });
  it("sorts map keys as text", () => {
    expect(render("{{json .}} {{.}}", { "9": 1, "10": 2, a: 3 })).toBe(
      '{"10":2,"9":1,"a":3} map[10:2 9:1 a:3]',
    );
  });
  it("escapes line separators in JSON", () => expect(render("{{json .}}", "\u2028")).toBe('"\\u2028"'));
  it("may be nothing", () => expect(render("{{.}} {{.a}}", null)).toBe("<no value> <no value>"));
});

describe("options", () => {
  it("make missing keys fail", () => {
    const template = parseTemplate("", "{{.deep.q}}");
    expect(template.execute(data)).toBe("<no value>");
    expect(() => template.execute(data, { failOnMissingKey: true })).toThrow(
      'template: :1:7: executing "" at <.deep.q>: map has no entry for key "q"',
    );
    expect(() => parseTemplate("", "{{.x}}").execute(null, { failOnMissingKey: true })).toThrow(
      'nil data; no entry for key "x"',
    );
  });
  it("replace functions for a table's header", () => {
    const text = "{{upper .Name}}|{{json .ID}}|{{truncate .ID 2}}|{{pad .ID 1 0}}|{{join .ID `,`}}";
    const header = { Name: "Name", ID: "IMAGE ID" };
    expect(parseTemplate("", text).execute(header, { functions: headerFunctions })).toBe(
      "Name|IMAGE ID|IMAGE ID| IMAGE ID|IMAGE ID",
    );
  });
  it("add functions", () => {
    const functions = { twice: { parameters: ["int"] as const, call: (count: number) => count * 2 } };
    expect(parseTemplate("t", "{{twice .}}", functions).execute(21)).toBe("42");
    expect(() => parseTemplate("t", "{{json .}}", functions)).toThrow(
      'template: t:1: function "json" not defined',
    );
  });
  it("allow many executions", () => {
    const template = parseTemplate("", "{{$x := .}}{{$x}}");
    expect([1, 2, 3].map(value => template.execute(value))).toEqual(["1", "2", "3"]);
  });
});
