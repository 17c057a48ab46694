/** Runs the statements of a template: text, output, branches, loops and calls of other templates. */
import { quote } from "../quote.ts";
import { type Environment, Evaluator } from "./evaluator.ts";
import type { BranchNode, Statement, TemplateNode } from "./nodes.ts";
import { formatValue, printValue } from "./print.ts";
import { Boxed, holdsInterfaces, isTruthy, kindOf, mapEntries, numberIn } from "./value.ts";

/** What the templates of one execution share. */
export interface ExecutionContext {
  /** The statements of the template `name`; undefined when there is no such template. */
  body(name: string): readonly Statement[] | undefined;
  /** What expressions in the template `name` see. */
  environment(name: string): Environment;
  /** The parts of the result, in order. */
  readonly output: string[];
}

/** Templates may call each other this deep; beyond it they are taken for an endless recursion. */
const deepestCall = 100;

/** Runs `body`, the statements of the template `name`, for the data `dot`. */
export function execute(
  context: ExecutionContext,
  name: string,
  body: readonly Statement[],
  dot: unknown,
  depth = 0,
): void {
  new Execution(context, name, dot, depth).run(dot, body);
}

/** How a list of statements ended: at its end or at a loop's control. */
type Outcome = "done" | "break" | "continue";

class Execution {
  readonly #context: ExecutionContext;
  readonly #evaluator: Evaluator;
  readonly #depth: number;

  constructor(context: ExecutionContext, name: string, root: unknown, depth: number) {
    this.#context = context;
    this.#evaluator = new Evaluator(context.environment(name), root);
    this.#depth = depth;
  }

  run(dot: unknown, statements: readonly Statement[]): Outcome {
    for (const statement of statements) {
      const outcome = this.#runOne(dot, statement);
      if (outcome !== "done") return outcome;
    }
    return "done";
  }

  #runOne(dot: unknown, statement: Statement): Outcome {
    switch (statement.kind) {
      case "text":
        this.#context.output.push(statement.text);
        return "done";
      case "action": {
        const value = this.#evaluator.evaluatePipe(dot, statement.pipe);
        if (statement.pipe.variables.length === 0) this.#context.output.push(printValue(value));
        return "done";
      }
      case "if":
      case "with":
        return this.#runBranch(dot, statement);
      case "range":
        return this.#runLoop(dot, statement);
      case "template":
        this.#runTemplate(dot, statement);
        return "done";
      default:
        return statement.kind;
    }
  }

  #runBranch(dot: unknown, { kind, pipe, body, otherwise }: BranchNode): Outcome {
    const scope = this.#evaluator.variableCount;
    const value = this.#evaluator.evaluatePipe(dot, pipe);
    let outcome: Outcome = "done";
    if (isTruthy(value)) outcome = this.run(kind === "with" ? value : dot, body);
    else if (otherwise !== undefined) outcome = this.run(dot, otherwise);
    this.#evaluator.dropVariables(scope);
    return outcome;
  }

  #runLoop(dot: unknown, node: BranchNode): Outcome {
    const scope = this.#evaluator.variableCount;
    const value = this.#evaluator.evaluatePipe(dot, node.pipe);
    const items = this.#itemsOf(value, node);
    const isBoxed = holdsInterfaces(value);
    const innerScope = this.#evaluator.variableCount;
    let outcome: Outcome = "done";
    for (const [index, item] of items) {
      const element = isBoxed ? new Boxed(item) : item;
      this.#setLoopVariables(node, index, element);
      const ended = this.run(element, node.body);
      this.#evaluator.dropVariables(innerScope);
      if (ended === "break") break;
    }
    if (items.length === 0 && node.otherwise !== undefined) outcome = this.run(dot, node.otherwise);
    this.#evaluator.dropVariables(scope);
    return outcome;
  }

  #itemsOf(value: unknown, { pipe }: BranchNode): readonly (readonly [index: unknown, element: unknown])[] {
    switch (kindOf(value)) {
      case "slice":
        return Array.isArray(value) ? value.map((element: unknown, index) => [index, element] as const) : [];
      case "map":
        return mapEntries(value);
      case "int":
        if (pipe.variables.length > 1) {
          const what = `can't use ${formatValue(value)} to iterate over more than one variable`;
          throw this.#evaluator.fault(what);
        }
        return Array.from(
          { length: Math.max(0, Number(numberIn(value))) },
          (_, index) => [undefined, index] as const,
        );
      case "none":
        return [];
      default:
        throw this.#evaluator.fault(`range can't iterate over ${formatValue(value)}`);
    }
  }

  #setLoopVariables({ pipe }: BranchNode, index: unknown, element: unknown): void {
    const [first, second] = pipe.variables;
    if (first === undefined) return;
    if (pipe.isAssignment) {
      this.#evaluator.assign(first.name, second === undefined ? element : index);
      if (second !== undefined) this.#evaluator.assign(second.name, element);
      return;
    }
    this.#evaluator.assignNewest(1, element);
    if (second !== undefined) this.#evaluator.assignNewest(2, index);
  }

  #runTemplate(dot: unknown, node: TemplateNode): void {
    this.#evaluator.at(node);
    const body = this.#context.body(node.name);
    if (body === undefined) throw this.#evaluator.fault(`template ${quote(node.name)} not defined`);
    if (this.#depth === deepestCall) {
      throw this.#evaluator.fault(`exceeded maximum template depth (${deepestCall})`);
    }
    const data = node.pipe === undefined ? undefined : this.#evaluator.evaluatePipe(dot, node.pipe);
    execute(this.#context, node.name, body, data, this.#depth + 1);
  }
}
