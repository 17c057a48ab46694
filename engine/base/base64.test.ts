import { expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";

it.each([
  ["", []],
  ["/w==", [255]],
  ["AAE=", [0, 1]],
  ["+/+A", [251, 255, 128]],
  ["eyJhIjoxfQ==", [123, 34, 97, 34, 58, 49, 125]],
])("%s", (text, bytes) => {
  expect(toBase64(Uint8Array.from(bytes))).toBe(text);
  expect([...fromBase64(text)]).toEqual(bytes);
});

it.each(["a", "a=", "ab=", "ab===", "a b=", "ab==ab==", "äöüß"])("%s is no base64", text => {
  expect(() => fromBase64(text)).toThrow(SyntaxError);
});
