import { EngineError, messageOf } from "../../base/errors.ts";

/** Parses a reference that a tag is made from; failures name it, as Docker's client does. */
export function parseForTag<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (cause) {
    const fault = `Error parsing reference: "${text}" is not a valid repository/tag`;
    throw new EngineError("invalid", `${fault}: ${messageOf(cause)}`, { cause });
  }
}
