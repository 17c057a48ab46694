import { expect, it } from "vitest";
import { shortId } from "./identifier.ts";

it.each([
  ["0123456789abcdef", "0123456789ab"],
  ["sha256:0123456789abcdef", "0123456789ab"],
  ["short", "short"],
])("%s is shown as %s", (id, shown) => expect(shortId(id)).toBe(shown));
