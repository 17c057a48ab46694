/** Parses a template into its trees, with the grammar and messages of Go's text/template. */
import { quote, unquote } from "../quote.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { tokenize } from "./lexer.ts";
import type { ActionNode, BranchNode, PipeNode, Statement } from "./nodes.ts";
import { TokenReader } from "./token-reader.ts";
import type { Token } from "./token.ts";

/** The statements of each template by name: the one parsed and those that it defines. */
export type TemplateSet = ReadonlyMap<string, readonly Statement[]>;

/** Parses `text`; `name` is the template's own, `isFunction` knows the functions that it may call. */
export function parse(name: string, text: string, isFunction: (name: string) => boolean): TemplateSet {
  return new Parser(name, text, isFunction).parse();
}

/** How a list of statements ended. */
type ListEnd = "end" | "else";

class Parser {
  readonly #name: string;
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionParser;
  readonly #templates = new Map<string, readonly Statement[]>();
  #loopDepth = 0;

  constructor(name: string, text: string, isFunction: (name: string) => boolean) {
    this.#name = name;
    this.#reader = new TokenReader(name, tokenize(text));
    this.#expressions = new ExpressionParser(this.#reader, isFunction);
  }

  parse(): TemplateSet {
    const root: Statement[] = [];
    while (this.#reader.peek().kind !== "eof") {
      const { mark } = this.#reader;
      if (this.#reader.take().kind === "left-delimiter" && this.#reader.takeNonSpace().kind === "define") {
        this.#parseDefinition();
        continue;
      }
      this.#reader.reset(mark);
      const statement = this.#parseStatement();
      if (statement === "end" || statement === "else")
        throw this.#reader.fault(`unexpected {{${statement}}}`);
      root.push(statement);
    }
    this.#add(this.#name, root);
    return this.#templates;
  }

  #parseDefinition(): void {
    const context = "define clause";
    const name = this.#templateName(this.#reader.takeNonSpace(), context);
    this.#reader.expect("right-delimiter", context);
    this.#parseBody(name, context);
  }

  /** The body of a template of its own, up to its end; `line` is where Go places the lack of one. */
  #parseBody(name: string, context: string, line?: number): void {
    const outer = { variables: this.#expressions.variables, loopDepth: this.#loopDepth };
    this.#expressions.variables = ["$"];
    this.#loopDepth = 0;
    const { list, end } = this.#parseList();
    if (end !== "end") throw this.#reader.fault(`unexpected {{${end}}} in ${context}`, line);
    this.#add(name, list);
    this.#expressions.variables = outer.variables;
    this.#loopDepth = outer.loopDepth;
  }

  #add(name: string, body: readonly Statement[]): void {
    const known = this.#templates.get(name);
    if (known === undefined || isBlank(known)) this.#templates.set(name, body);
    else if (!isBlank(body))
      throw this.#reader.fault(`template: multiple definition of template ${quote(name)}`);
  }

  #parseList(): { list: Statement[]; end: ListEnd } {
    const list: Statement[] = [];
    while (this.#reader.peekNonSpace().kind !== "eof") {
      const statement = this.#parseStatement();
      if (statement === "end" || statement === "else") return { list, end: statement };
      list.push(statement);
    }
    throw this.#reader.fault("unexpected EOF");
  }

  #parseStatement(): Statement | ListEnd {
    const token = this.#reader.takeNonSpace();
    if (token.kind === "text") return { kind: "text", position: token.position, text: token.text };
    if (token.kind !== "left-delimiter") throw this.#reader.unexpected(token, "input");
    this.#reader.actionLine = token.line;
    const statement = this.#parseAction();
    this.#reader.actionLine = 0;
    return statement;
  }

  #parseAction(): Statement | ListEnd {
    const token = this.#reader.takeNonSpace();
    const { kind, position } = token;
    switch (kind) {
      case "if":
      case "range":
      case "with":
        return this.#parseBranch(kind);
      case "end":
        this.#reader.expect("right-delimiter", "end");
        return "end";
      case "else": {
        const next = this.#reader.peekNonSpace().kind;
        // "else if" and "else with" go on in the branch that they belong to.
        if (next !== "if" && next !== "with") this.#reader.expect("right-delimiter", "else");
        return "else";
      }
      case "break":
      case "continue":
        return this.#parseLoopControl(kind, position);
      case "template":
        return this.#parseTemplateCall();
      case "block":
        return this.#parseBlock();
      default:
        this.#reader.back();
        return this.#parseOutput();
    }
  }

  #parseOutput(): ActionNode {
    const { position } = this.#reader.peek();
    return { kind: "action", position, pipe: this.#parsePipe("command") };
  }

  #parseLoopControl(kind: "break" | "continue", position: number): Statement {
    const token = this.#reader.takeNonSpace();
    if (token.kind !== "right-delimiter") throw this.#reader.unexpected(token, `{{${kind}}}`);
    if (this.#loopDepth === 0) throw this.#reader.fault(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  #parseBranch(kind: BranchNode["kind"]): BranchNode {
    const scope = this.#expressions.variables.length;
    const pipe = this.#parsePipe(kind);
    if (kind === "range") this.#loopDepth++;
    const { list: body, end } = this.#parseList();
    if (kind === "range") this.#loopDepth--;
    const otherwise = end === "else" ? this.#parseElse(kind) : undefined;
    this.#expressions.variables.length = scope;
    return { kind, position: pipe.position, pipe, body, otherwise };
  }

  #parseElse(kind: BranchNode["kind"]): readonly Statement[] {
    const next = this.#reader.peek().kind;
    // The chained branch shares the end of this one.
    if (next === kind && (next === "if" || next === "with")) {
      this.#reader.take();
      return [this.#parseBranch(next)];
    }
    const { list, end } = this.#parseList();
    if (end !== "end") throw this.#reader.fault(`expected end; found {{${end}}}`);
    return list;
  }

  #parseTemplateCall(): Statement {
    const context = "template clause";
    const token = this.#reader.takeNonSpace();
    const name = this.#templateName(token, context);
    const { position } = token;
    if (this.#reader.takeNonSpace().kind === "right-delimiter") {
      return { kind: "template", position, name, pipe: undefined };
    }
    this.#reader.back();
    return { kind: "template", position, name, pipe: this.#parsePipe(context) };
  }

  #parseBlock(): Statement {
    const context = "block clause";
    const token = this.#reader.takeNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#parsePipe(context);
    this.#parseBody(name, context, this.#reader.line);
    return { kind: "template", position: token.position, name, pipe };
  }

  #parsePipe(context: string): PipeNode {
    return this.#expressions.parsePipe(context, "right-delimiter");
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "raw-string") throw this.#reader.unexpected(token, context);
    return this.#reader.checked(() => unquote(token.text));
  }
}

function isBlank(body: readonly Statement[]): boolean {
  return body.every(statement => statement.kind === "text" && statement.text.trim() === "");
}
