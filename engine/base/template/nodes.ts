/** The syntax tree of a template, and how its parts are shown in messages. */
import { quote } from "../quote.ts";
import type { Float } from "./value.ts";

interface Located {
  /** Where it starts in the template, in UTF-16 units. */
  readonly position: number;
}

export interface DotNode extends Located {
  readonly kind: "dot";
}

export interface NilNode extends Located {
  readonly kind: "nil";
}

export interface BoolNode extends Located {
  readonly kind: "bool";
  readonly value: boolean;
}

export interface NumberNode extends Located {
  readonly kind: "number";
  readonly text: string;
  readonly value: number | bigint | Float;
}

export interface StringNode extends Located {
  readonly kind: "string";
  /** As written, with its quotes. */
  readonly text: string;
  readonly value: string;
}

/** `.A.B` */
export interface FieldNode extends Located {
  readonly kind: "field";
  readonly names: readonly string[];
}

/** `$x.A.B` */
export interface VariableNode extends Located {
  readonly kind: "variable";
  /** With its dollar sign. */
  readonly name: string;
  readonly names: readonly string[];
}

/** `f` */
export interface FunctionNode extends Located {
  readonly kind: "function";
  readonly name: string;
}

/** `(a | b).A.B` */
export interface ChainNode extends Located {
  readonly kind: "chain";
  readonly operand: Operand;
  readonly names: readonly string[];
}

/** `$x := a | b` */
export interface PipeNode extends Located {
  readonly kind: "pipe";
  readonly isAssignment: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

/** `a b c` */
export interface CommandNode extends Located {
  readonly kind: "command";
  readonly first: Operand;
  /** What is given to the first operand. */
  readonly operands: readonly Operand[];
}

export type Operand =
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode
  | FieldNode
  | VariableNode
  | FunctionNode
  | ChainNode
  | PipeNode;

export interface TextNode extends Located {
  readonly kind: "text";
  readonly text: string;
}

export interface ActionNode extends Located {
  readonly kind: "action";
  readonly pipe: PipeNode;
}

export interface BranchNode extends Located {
  readonly kind: "if" | "range" | "with";
  readonly pipe: PipeNode;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | undefined;
}

export interface TemplateNode extends Located {
  readonly kind: "template";
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface LoopControlNode extends Located {
  readonly kind: "break" | "continue";
}

export type Statement = TextNode | ActionNode | BranchNode | TemplateNode | LoopControlNode;

/** What a message can point at. */
export type ErrorNode = Operand | CommandNode | ActionNode | TemplateNode;

/** `node` in the words of Go's messages, which is how it could have been written. */
export function describeNode(node: ErrorNode): string {
  switch (node.kind) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
    case "string":
      return node.text;
    case "field":
      return `.${node.names.join(".")}`;
    case "variable":
      return [node.name, ...node.names].join(".");
    case "function":
      return node.name;
    case "chain":
      return [describeOperand(node.operand), ...node.names].join(".");
    case "pipe":
      return describePipe(node);
    case "command":
      return [node.first, ...node.operands].map(describeOperand).join(" ");
    case "action":
      return `{{${describePipe(node.pipe)}}}`;
    case "template": {
      const data = node.pipe === undefined ? "" : ` ${describePipe(node.pipe)}`;
      return `{{template ${quote(node.name)}${data}}}`;
    }
    default:
      return node satisfies never;
  }
}

function describeOperand(operand: Operand): string {
  return operand.kind === "pipe" ? `(${describePipe(operand)})` : describeNode(operand);
}

function describePipe({ variables, isAssignment, commands }: PipeNode): string {
  const names = variables.map(describeNode).join(", ");
  const declaration = names === "" ? "" : `${names} ${isAssignment ? "=" : ":="} `;
  return declaration + commands.map(describeNode).join(" | ");
}
