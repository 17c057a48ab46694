import { describe, expect, it } from "vitest";
import { parseTemplate, typed } from "../../engine/base/template/template.ts";
import { describeSharedTable } from "./shared-table.ts";

interface ExecutionCase {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly data: unknown;
  readonly ok: boolean;
}

interface ComparisonCase {
  readonly expr: string;
  readonly truth: string;
  readonly ok: boolean;
}

/** No data of Docker's holds complex numbers, so templates know none: 6 of the table's 155 cases. */
const needsComplexNumbers = /\d[+-]\d+i\b/;

/** The one case whose data are a struct, which JSON cannot tell from a map. */
function dataOf({ name, data }: ExecutionCase): unknown {
  return name === "dot struct" && typeof data === "object" && data !== null ? typed("main.T", data) : data;
}

describeSharedTable<{ execTests: readonly ExecutionCase[]; compare: readonly ComparisonCase[] }>(
  "go-template.json",
  ({ execTests, compare }) => {
    const supported = execTests.filter(({ input, ok }) => !ok || !needsComplexNumbers.test(input));
    const comparisons = compare.filter(({ expr, ok }) => !ok || !needsComplexNumbers.test(expr));

    it("leaves out at most 5 % of the cases", () => {
      const all = execTests.length + compare.length;
      expect((all - supported.length - comparisons.length) / all).toBeLessThanOrEqual(0.05);
    });

    describe("execution", () => {
      it.each(supported)("$name", testCase => {
        const run = () => parseTemplate(testCase.name, testCase.input).execute(dataOf(testCase));
        if (testCase.ok) expect(run()).toBe(testCase.output);
        else expect(run).toThrow(/^template: /);
      });
    });

    describe("comparison", () => {
      it.each(comparisons)("$expr", ({ expr, truth, ok }) => {
        const run = () => parseTemplate("", `{{if ${expr}}}true{{else}}false{{end}}`).execute(null);
        if (ok) expect(run()).toBe(truth);
        else expect(run).toThrow(/^template: /);
      });
    });
  },
);
