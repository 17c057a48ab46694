/** Evaluates what stands inside an action, with the rules and messages of Go's text/template. */
import { EngineError, messageOf } from "../errors.ts";
import { quote } from "../quote.ts";
import type { LogicalFunction, ParameterType, TemplateFunction } from "./functions.ts";
import {
  type ChainNode,
  type CommandNode,
  describeNode,
  type ErrorNode,
  type Operand,
  type PipeNode,
  type VariableNode,
} from "./nodes.ts";
import {
  Boxed,
  holdsInterfaces,
  isTruthy,
  kindOf,
  mapEntry,
  structField,
  typeNameOf,
  unbox,
} from "./value.ts";

/** What an execution knows beside its data. */
export interface Environment {
  /** The name of the template that runs. */
  readonly name: string;
  /** The function of a name that the parser has seen. */
  function(name: string): TemplateFunction | LogicalFunction | undefined;
  /** Where `position` is, as messages say it: `name:line:column`. */
  locate(position: number): string;
  /** Whether reading a missing entry of a map is an error. */
  readonly isStrict: boolean;
}

/** Stands for the piped value where there is none. */
const nothing = Symbol("nothing piped");

/** What a function, method or field is given: operands to evaluate for `dot`, and the value piped in. */
interface Arguments {
  readonly dot: unknown;
  readonly operands: readonly Operand[];
  readonly piped: unknown;
}

/** What a field is read from; out of a map of interfaces its own type is unknown to messages. */
interface Receiver {
  readonly value: unknown;
  readonly isBoxed: boolean;
}

/** For what is given nothing; its dot is never looked at. */
const noArguments: Arguments = { dot: undefined, operands: [], piped: nothing };

function hasAny({ operands, piped }: Arguments): boolean {
  return operands.length > 0 || piped !== nothing;
}

export class Evaluator {
  readonly #environment: Environment;
  readonly #names: string[] = ["$"];
  readonly #values: unknown[];
  /** The node being evaluated: errors point at it. */
  #node: ErrorNode | undefined;

  /** Evaluates for the data `root`, which is also the variable `$`. */
  constructor(environment: Environment, root: unknown) {
    this.#environment = environment;
    this.#values = [root];
  }

  /** How many variables there are, to be given to {@link dropVariables}. */
  get variableCount(): number {
    return this.#names.length;
  }

  /** Forgets the variables declared since there were `count`. */
  dropVariables(count: number): void {
    this.#names.length = count;
    this.#values.length = count;
  }

  /** Sets the last variable of this name; the newest is found first. */
  assign(name: string, value: unknown): void {
    this.#values[this.#indexOf(name)] = value;
  }

  /** Sets the `nth` newest variable, from 1. */
  assignNewest(nth: number, value: unknown): void {
    this.#values[this.#values.length - nth] = value;
  }

  /** Errors from now on point at `node`. */
  at(node: ErrorNode): void {
    this.#node = node;
  }

  /** The value of `pipe`; undefined is "no value". The variables that it declares stay. */
  evaluatePipe(dot: unknown, pipe: PipeNode): unknown {
    this.#node = pipe;
    let value: unknown = nothing;
    for (const command of pipe.commands) value = this.#evaluateCommand(dot, command, value) ?? undefined;
    for (const { name } of pipe.variables) {
      if (pipe.isAssignment) this.assign(name, value);
      else this.#declare(name, value);
    }
    return value;
  }

  /** The error `what` at the node being evaluated. */
  fault(what: string, cause?: unknown): EngineError {
    const { name } = this.#environment;
    const node = this.#node;
    const place =
      node === undefined
        ? name
        : `${this.#environment.locate(node.position)}: executing ${quote(name)} at <${describeNode(node)}>`;
    return new EngineError("invalid", `template: ${place}: ${what}`, { cause });
  }

  #declare(name: string, value: unknown): void {
    this.#names.push(name);
    this.#values.push(value);
  }

  #indexOf(name: string): number {
    const index = this.#names.lastIndexOf(name);
    if (index === -1) throw this.fault(`undefined variable: ${name}`);
    return index;
  }

  #evaluateCommand(dot: unknown, command: CommandNode, piped: unknown): unknown {
    const { first, operands } = command;
    const args = operands.length === 0 && piped === nothing ? noArguments : { dot, operands, piped };
    switch (first.kind) {
      case "field":
        this.#node = first;
        return this.#readFields(dot, first, first.names, args);
      case "chain":
        return this.#evaluateChain(dot, first, args);
      case "function":
        this.#node = first;
        return this.#callByName(first.name, command, args);
      case "variable":
        return this.#evaluateVariable(first, args);
      case "pipe":
        this.#refuseArguments(first, args);
        return this.evaluatePipe(dot, first);
      default:
        this.#node = first;
        this.#refuseArguments(first, args);
        if (first.kind === "nil") throw this.fault("nil is not a command");
        return first.kind === "dot" ? unbox(dot) : first.value;
    }
  }

  #refuseArguments(first: Operand, args: Arguments): void {
    if (hasAny(args)) throw this.fault(`can't give argument to non-function ${describeNode(first)}`);
  }

  #evaluateVariable(node: VariableNode, args: Arguments): unknown {
    this.#node = node;
    const value = this.#values[this.#indexOf(node.name)];
    if (node.names.length > 0) return this.#readFields(value, node, node.names, args);
    this.#refuseArguments(node, args);
    return unbox(value);
  }

  #evaluateChain(dot: unknown, node: ChainNode, args: Arguments): unknown {
    this.#node = node;
    if (node.operand.kind === "nil")
      throw this.fault(`indirection through explicit nil in ${describeNode(node)}`);
    const value = this.#evaluateArgument(dot, node.operand, "any");
    return this.#readFields(value, node, node.names, args);
  }

  /** Reads one field after the other; the last may be a method that takes the arguments. */
  #readFields(start: unknown, node: Operand, names: readonly string[], args: Arguments): unknown {
    let receiver: Receiver = { value: unbox(start), isBoxed: start instanceof Boxed };
    const last = names.length - 1;
    for (let index = 0; index < last; index++) {
      const value = this.#readField(receiver, node, names[index] ?? "", noArguments);
      receiver = { value, isBoxed: holdsInterfaces(receiver.value) };
    }
    return this.#readField(receiver, node, names[last] ?? "", args);
  }

  #readField({ value, isBoxed }: Receiver, node: Operand, name: string, args: Arguments): unknown {
    switch (kindOf(value)) {
      case "none":
        if (this.#environment.isStrict) throw this.fault(`nil data; no entry for key ${quote(name)}`);
        return undefined;
      case "nil":
      case "pointer":
        throw this.fault(`nil pointer evaluating ${typeNameOf(value)}.${name}`);
      case "struct": {
        const field = structField(value, name);
        if (typeof field === "function") return this.#callMethod(value, field, name, node, args);
        if (field === undefined) break;
        if (hasAny(args)) throw this.fault(`${name} has arguments but cannot be invoked as function`);
        return field;
      }
      case "map":
        return this.#readEntry(value, node, name, args);
      default:
        break;
    }
    throw this.fault(`can't evaluate field ${name} in type ${isBoxed ? "interface {}" : typeNameOf(value)}`);
  }

  #readEntry(map: unknown, node: Operand, name: string, args: Arguments): unknown {
    const entry = mapEntry(map, name);
    if (typeof entry === "function") return this.#callMethod(map, entry, name, node, args);
    if (hasAny(args)) throw this.fault(`${name} is not a method but has arguments`);
    if (entry === undefined && this.#environment.isStrict) {
      throw this.fault(`map has no entry for key ${quote(name)}`);
    }
    return entry;
  }

  #callMethod(receiver: unknown, method: Function, name: string, node: Operand, args: Arguments): unknown {
    if (method.length === 0 && !hasAny(args)) return this.#compute(receiver, method, name, node);
    const called: TemplateFunction = {
      parameters: Array.from({ length: method.length }, () => "string" as const),
      call: (...values): unknown => method.apply(receiver, values),
    };
    return this.#call(called, name, node, args);
  }

  /** Calls a method that takes nothing: how most columns of a table are read. */
  #compute(receiver: unknown, method: Function, name: string, node: Operand): unknown {
    try {
      const value: unknown = method.call(receiver);
      return value;
    } catch (cause) {
      this.#node = node;
      throw this.fault(`error calling ${name}: ${messageOf(cause)}`, cause);
    }
  }

  #callByName(name: string, node: ErrorNode, args: Arguments): unknown {
    const called = this.#environment.function(name);
    if (called === undefined) throw this.fault(`${quote(name)} is not a defined function`);
    if ("stopsAt" in called) return this.#evaluateLogical(called, name, args);
    return this.#call(called, name, node, args);
  }

  /** `and` and `or`: the first argument that decides, or else the last. */
  #evaluateLogical({ stopsAt }: LogicalFunction, name: string, args: Arguments): unknown {
    if (!hasAny(args)) throw this.fault(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: unknown;
    for (const operand of args.operands) {
      value = this.#evaluateArgument(args.dot, operand, "any");
      if (isTruthy(value) === stopsAt) return value;
    }
    return args.piped === nothing ? value : args.piped;
  }

  #call(called: TemplateFunction, name: string, node: ErrorNode, args: Arguments): unknown {
    this.#checkCount(called, name, args);
    const { parameters, rest = "any" } = called;
    const values = args.operands.map((operand, index) =>
      this.#evaluateArgument(args.dot, operand, parameters[index] ?? rest),
    );
    if (args.piped !== nothing) values.push(this.#checkType(args.piped, parameters[values.length] ?? rest));
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types were checked one by one
      return called.call(...(values as never[]));
    } catch (cause) {
      this.#node = node;
      throw this.fault(`error calling ${name}: ${messageOf(cause)}`, cause);
    }
  }

  #checkCount({ parameters, rest }: TemplateFunction, name: string, { operands, piped }: Arguments): void {
    const count = operands.length + (piped === nothing ? 0 : 1);
    if (rest !== undefined && count < parameters.length) {
      const given = operands.length;
      throw this.fault(`wrong number of args for ${name}: want at least ${parameters.length} got ${given}`);
    }
    if (rest === undefined && count !== parameters.length) {
      throw this.fault(`wrong number of args for ${name}: want ${parameters.length} got ${count}`);
    }
  }

  /** The value of `argument` for a parameter of the type `type`. */
  #evaluateArgument(dot: unknown, argument: Operand, type: ParameterType): unknown {
    this.#node = argument;
    switch (argument.kind) {
      case "dot":
        return this.#checkType(unbox(dot), type);
      case "nil":
        if (type !== "any" && type !== "[]string") throw this.fault(`cannot assign nil to ${type}`);
        return type === "any" ? undefined : [];
      case "field":
        return this.#checkType(this.#readFields(dot, argument, argument.names, noArguments), type);
      case "variable":
        return this.#checkType(this.#evaluateVariable(argument, noArguments), type);
      case "pipe":
        return this.#checkType(this.evaluatePipe(dot, argument), type);
      case "function":
        return this.#checkType(this.#callByName(argument.name, argument, noArguments), type);
      case "chain":
        return this.#checkType(this.#evaluateChain(dot, argument, noArguments), type);
      default:
        return this.#literalOf(argument, type);
    }
  }

  #literalOf(
    literal: Extract<Operand, { kind: "bool" | "number" | "string" }>,
    type: ParameterType,
  ): unknown {
    if (type === "any") return literal.value;
    if (type === "[]string")
      throw this.fault(`can't handle ${describeNode(literal)} for arg of type ${type}`);
    if (kindOf(literal.value) === type) return literal.value;
    throw this.fault(`expected ${type === "int" ? "integer" : type}; found ${describeNode(literal)}`);
  }

  #checkType(value: unknown, type: ParameterType): unknown {
    if (type === "any") return value;
    if (type === "[]string") {
      if (value === undefined) return [];
      if (Array.isArray(value) && value.every(element => typeof element === "string")) return value;
    } else {
      if (value === undefined) throw this.fault(`invalid value; expected ${type}`);
      if (kindOf(value) === type) return value;
    }
    throw this.fault(`wrong type for value; expected ${type}; got ${typeNameOf(value)}`);
  }
}
