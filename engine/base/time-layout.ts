/**
 * Parsing of dates and times after a layout, with the errors of Go's `time.Parse`. A layout shows how the
 * reference time 2006-01-02T15:04:05 would be written; only the elements that Docker's layouts use exist.
 */
import { EngineError } from "./errors.ts";
import { quoteBytes } from "./quote.ts";

/** RFC 3339 to the second; a fraction of the second is read wherever a second is. */
export const rfc3339 = "2006-01-02T15:04:05Z07:00";

type Field = "year" | "month" | "day" | "hour" | "minute" | "second";

interface Element {
  readonly field: Field;
  readonly syntax: RegExp;
  readonly range: readonly [number, number];
}

const elements: Readonly<Record<string, Element>> = {
  "2006": { field: "year", syntax: /^[0-9]{4}/, range: [0, 9999] },
  "01": { field: "month", syntax: /^[0-9]{2}/, range: [1, 12] },
  // A day is checked against its month, once that is known.
  "02": { field: "day", syntax: /^[0-9]{2}/, range: [0, 99] },
  "15": { field: "hour", syntax: /^[0-9]{1,2}/, range: [0, 23] },
  "04": { field: "minute", syntax: /^[0-9]{2}/, range: [0, 59] },
  "05": { field: "second", syntax: /^[0-9]{2}/, range: [0, 59] },
};
const layoutPieces = /2006|01|02|15|04|05|Z07:00|\.9+|./g;
const fractionSyntax = /^[.,]([0-9]+)/;
const offsetSyntax = /^(.)([0-9]{2}):([0-9]{2})/s;
/** The Gregorian calendar repeats after 400 years; adding them keeps Date.UTC from reading year 50 as 1950. */
const calendarCycle = { years: 400, seconds: 12622780800 };

/**
 * Reads `text` after `layout`. Where the layout has no zone, the time is `offset` minutes ahead of UTC.
 * Returns seconds since 1970 and nanoseconds.
 */
export function parseByLayout(
  text: string,
  layout: string,
  offset: number,
): { seconds: number; nanoseconds: number } {
  const reader = new LayoutReader(text, layout);
  for (const piece of layout.match(layoutPieces) ?? []) reader.read(piece);
  return reader.finish(offset);
}

class LayoutReader {
  readonly #text: string;
  readonly #layout: string;
  readonly #fields: Record<Field, number> = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  #rest: string;
  #nanoseconds = 0;
  #offset: number | undefined;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.#rest = text;
    this.#layout = layout;
  }

  read(piece: string): void {
    const element = elements[piece];
    if (element !== undefined) this.#readElement(piece, element);
    else if (piece === "Z07:00") this.#readOffset(piece);
    // The second has taken its fraction already.
    else if (!piece.startsWith(".9")) this.#readLiteral(piece);
  }

  finish(defaultOffset: number): { seconds: number; nanoseconds: number } {
    if (this.#rest !== "") throw this.#fault(`: extra text: ${quoteBytes(this.#rest)}`);
    const { year, month, day, hour, minute, second } = this.#fields;
    const lastDay = new Date(Date.UTC(year + calendarCycle.years, month, 0)).getUTCDate();
    if (day < 1 || day > lastDay) throw this.#fault(": day out of range");
    const shifted = Date.UTC(year + calendarCycle.years, month - 1, day, hour, minute, second) / 1000;
    const offset = (this.#offset ?? defaultOffset) * 60;
    return { seconds: shifted - calendarCycle.seconds - offset, nanoseconds: this.#nanoseconds };
  }

  #readElement(piece: string, element: Element): void {
    const digits = element.syntax.exec(this.#rest)?.[0];
    if (digits === undefined) throw this.#mismatch(piece);
    this.#rest = this.#rest.slice(digits.length);
    const value = Number(digits);
    const [least, most] = element.range;
    if (value < least || value > most) throw this.#fault(`: ${element.field} out of range`);
    this.#fields[element.field] = value;
    if (element.field === "second") this.#readFraction();
  }

  #readFraction(): void {
    const [whole, digits] = fractionSyntax.exec(this.#rest) ?? [];
    if (whole === undefined || digits === undefined) return;
    this.#rest = this.#rest.slice(whole.length);
    this.#nanoseconds = Number(digits.slice(0, 9).padEnd(9, "0"));
  }

  #readOffset(piece: string): void {
    if (this.#rest.startsWith("Z")) {
      this.#rest = this.#rest.slice(1);
      this.#offset = 0;
      return;
    }
    const [whole, sign, hours, minutes] = offsetSyntax.exec(this.#rest) ?? [];
    if (whole === undefined) throw this.#mismatch(piece);
    if (Number(hours) > 24) throw this.#fault(": time zone offset hour out of range");
    if (Number(minutes) > 60) throw this.#fault(": time zone offset minute out of range");
    if (sign !== "+" && sign !== "-") throw this.#mismatch(piece);
    this.#rest = this.#rest.slice(whole.length);
    this.#offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  }

  #readLiteral(piece: string): void {
    if (!this.#rest.startsWith(piece)) throw this.#mismatch(piece);
    this.#rest = this.#rest.slice(piece.length);
  }

  #mismatch(piece: string): EngineError {
    const expected = `cannot parse ${quoteBytes(this.#rest)} as ${quoteBytes(piece)}`;
    return this.#fault(` as ${quoteBytes(this.#layout)}: ${expected}`);
  }

  #fault(what: string): EngineError {
    return new EngineError("invalid", `parsing time ${quoteBytes(this.#text)}${what}`);
  }
}
