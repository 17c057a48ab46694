import { describe, expect, it } from "vitest";
import { list, map, strings } from "./collection-types.ts";
import { bool, bytes, duration, float, int, string, uint } from "./scalar-types.ts";
import { renderFlags } from "./usage.ts";

const table = {
  driver: { short: "d", type: string("bridge"), usage: "Driver to manage the network" },
  attachable: { type: bool(), usage: "Allow manual attachment" },
  ipv4: { type: bool(true), usage: "Assign IPv4 addresses" },
  label: { type: list(), usage: "Set metadata" },
  opt: { short: "o", type: map(), usage: "Set driver specific options" },
  secret: { hidden: true, type: bool(), usage: "not shown" },
  old: { deprecated: "use --new", type: bool(), usage: "not shown" },
  help: { short: "h", shortDeprecated: "use --help", type: bool(), usage: "Print usage" },
};

function lines(...text: string[]): string {
  return text.join("\n");
}

describe("renderFlags", () => {
  it("sorts, aligns and shows defaults", () => {
    expect(renderFlags(table)).toBe(
      lines(
        "      --attachable      Allow manual attachment",
        '  -d, --driver string   Driver to manage the network (default "bridge")',
        "      --help            Print usage",
        "      --ipv4            Assign IPv4 addresses (default true)",
        "      --label list      Set metadata",
        "  -o, --opt map         Set driver specific options (default map[])",
      ),
    );
  });

  it("wraps at words, keeps line breaks, and lets a last word stand out", () => {
    const usage = "One two three four five six seven eight nine ten eleven\n'a':  first\n'b':  second";
    expect(renderFlags({ name: { type: string(), usage } }, 50)).toBe(
      lines(
        "      --name string   One two three four",
        "                      five six seven eight",
        "                      nine ten eleven",
        "                      'a':  first",
        "                      'b':  second",
      ),
    );
    const short = "aaaa bbbb cccc dddd eeee ffff";
    expect(renderFlags({ name: { type: string(), usage: short } }, 52)).toBe(
      `      --name string   ${short}`,
    );
  });

  it("puts the text below where there is little room", () => {
    const usage = "words to put below the flag because there is little room\nand more";
    expect(renderFlags({ "a-very-long-name": { type: string(), usage } }, 46)).toBe(
      lines(
        "      --a-very-long-name string   ",
        "                words to put below the",
        "                flag because there is",
        "                little room",
        "                and more",
      ),
    );
    expect(renderFlags({ "a-very-long-name": { type: string(), usage } }, 30)).toBe(
      lines(`      --a-very-long-name string   ${usage.split("\n")[0]}`, "                and more"),
    );
  });

  it.each([
    [int(5), "int", "5"],
    [int(), "int", ""],
    [uint(7, "uint32"), "uint32", "7"],
    [float(0.5), "float", "0.5"],
    [duration(5e9), "duration", "5s"],
    [bytes(1024), "bytes", "1KiB"],
    [strings(["a", "b,c"]), "strings", '[a,"b,c"]'],
    [string("", "auto"), 'string[="auto"]', ""],
  ])("shows the default of case %#", (type, word, shown) => {
    const expected = `      --x ${word}   Text${shown === "" ? "" : ` (default ${shown})`}`;
    expect(renderFlags({ x: { type, usage: "Text" } })).toBe(expected);
  });

  it("is empty without flags", () => expect(renderFlags({})).toBe(""));
});
