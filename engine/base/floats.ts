/** How Go prints floating-point numbers (`strconv.FormatFloat`), which differs from JavaScript's exponents. */

/**
 * The ways to write a float: `e` with an exponent, `f` without, `g` whichever is shorter. Capitals write
 * the exponent's mark as `E`.
 */
export type FloatVerb = "e" | "E" | "f" | "F" | "g" | "G";

/**
 * `value` in the form `verb`. `precision` is the number of digits after the point (for `g`: of all
 * digits, trailing zeros dropped), at most 100; undefined asks for the fewest that read back as `value`.
 */
export function formatFloat(value: number, verb: FloatVerb, precision?: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const text = sign + formatMagnitude(Math.abs(value), verb, precision);
  return verb === "E" || verb === "G" ? text.toUpperCase() : text;
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number | undefined): string {
  const form = verb.toLowerCase();
  if (form === "f") return withoutExponent(value, precision);
  if (form === "e") return withExponent(exponential(value, precision));
  return general(value, precision === 0 ? 1 : precision);
}

function general(value: number, precision: number | undefined): string {
  const scientific = exponential(value, precision === undefined ? undefined : precision - 1);
  const [mantissa = "", exponentText = "0"] = scientific.split("e");
  const exponent = Number(exponentText);
  const digits = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const isFar = exponent < -4 || exponent >= (precision ?? 6);
  return (isFar ? withExponent : placePoint)(`${digits}e${exponentText}`);
}

function withExponent(scientific: string): string {
  const [mantissa = "", exponentText = "0"] = scientific.split("e");
  const exponent = Number(exponentText);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}

function withoutExponent(value: number, precision: number | undefined): string {
  if (precision === undefined) return placePoint(value.toExponential());
  if (value < 1e21) return roundHalfEven(digits => value.toFixed(digits), precision);
  // From here on JavaScript's toFixed writes an exponent too.
  const whole = BigInt(value).toString();
  return precision === 0 ? whole : `${whole}.${"0".repeat(precision)}`;
}

/** The number `scientific` written in full. */
function placePoint(scientific: string): string {
  const [mantissa = "", exponentText = "0"] = scientific.split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, "0");
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function exponential(value: number, precision: number | undefined): string {
  if (precision === undefined) return value.toExponential();
  return roundHalfEven(digits => value.toExponential(digits), precision);
}

/** As many digits as JavaScript gives: no two numbers that matter differ only beyond them. */
const mostDigits = 100;

/**
 * What `write` gives for `digits` digits after the point, except that a value exactly half way between two
 * results goes to the even one, as in Go. JavaScript takes the larger.
 */
function roundHalfEven(write: (digits: number) => string, digits: number): string {
  const rounded = write(digits);
  if (digits >= mostDigits) return rounded;
  const [longer = "", exponent] = write(digits + 1).split("e");
  const [exact = ""] = write(mostDigits).split("e");
  const isHalf = longer.endsWith("5") && exact.startsWith(longer) && /^0*$/.test(exact.slice(longer.length));
  if (!isHalf) return rounded;
  const lower = longer.slice(0, digits === 0 ? -2 : -1);
  if (!/[02468]$/.test(lower)) return rounded;
  return exponent === undefined ? lower : `${lower}e${exponent}`;
}
