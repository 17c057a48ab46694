/** The order in which people count: "a2" before "a10" (fvbommel/sortorder, which Docker's lists go by). */

const parts = /\d+|\D/gu;
const isNumber = /^\d/;

/** Negative where `left` comes before `right`; for `toSorted`. */
export function compareNaturally(left: string, right: string): number {
  const lefts = left.match(parts) ?? [];
  const rights = right.match(parts) ?? [];
  for (let i = 0; i < lefts.length && i < rights.length; i++) {
    const order = compareParts(lefts[i] ?? "", rights[i] ?? "");
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

/** Digits come before all else; of equal numbers the one with fewer zeros in front. */
function compareParts(left: string, right: string): number {
  if (left === right) return 0;
  if (isNumber.test(left) !== isNumber.test(right)) return isNumber.test(left) ? -1 : 1;
  if (!isNumber.test(left)) return left < right ? -1 : 1;
  const [one, other] = [left.replace(/^0+/, ""), right.replace(/^0+/, "")];
  if (one.length !== other.length) return one.length - other.length;
  if (one !== other) return one < other ? -1 : 1;
  return left.length - right.length;
}
