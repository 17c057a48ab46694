/** Parses what stands inside an action: pipelines, their commands, and the operands of those. */
import { quote, unquote } from "../quote.ts";
import { characterValue, numberValue } from "./literal.ts";
import { type CommandNode, describeNode, type Operand, type PipeNode, type VariableNode } from "./nodes.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token, TokenKind } from "./token.ts";

const operandStarts: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "bool",
  "character",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "raw-string",
  "string",
  "variable",
  "left-parenthesis",
]);
const literalKinds: ReadonlySet<string> = new Set(["bool", "string", "number", "nil", "dot"]);

export class ExpressionParser {
  /** The variables in scope; a pipeline adds those that it declares. */
  variables: string[] = ["$"];
  readonly #reader: TokenReader;
  readonly #isFunction: (name: string) => boolean;

  constructor(reader: TokenReader, isFunction: (name: string) => boolean) {
    this.#reader = reader;
    this.#isFunction = isFunction;
  }

  /** A pipeline up to a token of kind `end`; `context` says in errors where it stands. */
  parsePipe(context: string, end: TokenKind): PipeNode {
    const { position } = this.#reader.peekNonSpace();
    const { variables, isAssignment } = this.#parseDeclaration(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#reader.takeNonSpace();
      if (token.kind === end) break;
      if (!operandStarts.has(token.kind)) throw this.#reader.unexpected(token, context);
      this.#reader.back();
      commands.push(this.#parseCommand());
    }
    this.#checkPipe(commands, context);
    return { kind: "pipe", position, isAssignment, variables, commands };
  }

  /** The `$x :=` or `$k, $v :=` before a pipeline. */
  #parseDeclaration(context: string): { variables: VariableNode[]; isAssignment: boolean } {
    const variables: VariableNode[] = [];
    for (;;) {
      const { mark } = this.#reader;
      const token = this.#reader.peekNonSpace();
      if (token.kind !== "variable") return { variables, isAssignment: false };
      this.#reader.takeNonSpace();
      const next = this.#reader.peekNonSpace();
      const isList = next.kind === "char" && next.text === ",";
      if (next.kind !== "assign" && next.kind !== "declare" && !isList) {
        this.#reader.reset(mark);
        return { variables, isAssignment: false };
      }
      this.#reader.takeNonSpace();
      variables.push(variableOf(token));
      this.variables.push(token.text);
      if (!isList) return { variables, isAssignment: next.kind === "assign" };
      if (context !== "range" || variables.length > 1)
        throw this.#reader.fault(`too many declarations in ${context}`);
      const { kind } = this.#reader.peekNonSpace();
      if (kind !== "variable" && kind !== "right-delimiter" && kind !== "right-parenthesis") {
        throw this.#reader.fault("range can only initialize variables");
      }
    }
  }

  #checkPipe(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) throw this.#reader.fault(`missing value for ${context}`);
    commands.forEach(({ first }, index) => {
      // Only the first stage may be a value; the others get one.
      if (index > 0 && literalKinds.has(first.kind)) {
        throw this.#reader.fault(`non executable command in pipeline stage ${index + 1}`);
      }
    });
  }

  #parseCommand(): CommandNode {
    const { position } = this.#reader.peekNonSpace();
    const operands: Operand[] = [];
    for (;;) {
      this.#reader.skipSpace();
      const operand = this.#parseOperand();
      if (operand !== undefined) operands.push(operand);
      const token = this.#reader.take();
      if (token.kind === "space") continue;
      if (token.kind === "right-delimiter" || token.kind === "right-parenthesis") this.#reader.back();
      else if (token.kind !== "pipe") throw this.#reader.unexpected(token, "operand");
      break;
    }
    const [first, ...rest] = operands;
    if (first === undefined) throw this.#reader.fault("empty command");
    return { kind: "command", position, first, operands: rest };
  }

  /** A term with the fields read from it; undefined when the next token starts none. */
  #parseOperand(): Operand | undefined {
    const term = this.#parseTerm();
    const { kind, position } = this.#reader.peek();
    if (term === undefined || kind !== "field") return term;
    const names: string[] = [];
    while (this.#reader.peek().kind === "field") names.push(this.#reader.take().text.slice(1));
    if (term.kind === "field" || term.kind === "variable") {
      return { ...term, position, names: [...term.names, ...names] };
    }
    if (literalKinds.has(term.kind))
      throw this.#reader.fault(`unexpected . after term ${quote(describeNode(term))}`);
    return { kind: "chain", position, operand: term, names };
  }

  #parseTerm(): Operand | undefined {
    const token = this.#reader.takeNonSpace();
    const { kind, position, text } = token;
    switch (kind) {
      case "identifier":
        if (!this.#isFunction(text)) throw this.#reader.fault(`function ${quote(text)} not defined`);
        return { kind: "function", position, name: text };
      case ".":
        return { kind: "dot", position };
      case "nil":
        return { kind: "nil", position };
      case "variable":
        if (!this.variables.includes(text)) throw this.#reader.fault(`undefined variable ${quote(text)}`);
        return variableOf(token);
      case "field":
        return { kind: "field", position, names: [text.slice(1)] };
      case "bool":
        return { kind: "bool", position, value: text === "true" };
      case "character":
        return { kind: "number", position, text, value: this.#reader.checked(() => characterValue(text)) };
      case "complex":
      case "number":
        return { kind: "number", position, text, value: this.#reader.checked(() => numberValue(text)) };
      case "left-parenthesis":
        return this.parsePipe("parenthesized pipeline", "right-parenthesis");
      case "string":
      case "raw-string":
        return { kind: "string", position, text, value: this.#reader.checked(() => unquote(text)) };
      default:
        this.#reader.back();
        return undefined;
    }
  }
}

function variableOf({ position, text }: Token): VariableNode {
  return { kind: "variable", position, name: text, names: [] };
}
