import { describe, expect, it } from "vitest";
import { CookieJar } from "./cookie-jar.ts";

describe("a cookie jar", () => {
  it("sends back what it was given, to the paths that it is for", () => {
    const jar = new CookieJar(() => 0);
    jar.set("a=1; HttpOnly; Secure; Domain=elsewhere", "/shop/cart?x=/y/z");
    jar.set("b=2; Path=/", "/shop/cart");
    expect(jar.header("/shop/pay")).toBe("a=1; b=2");
    expect(jar.header("/shopping")).toBe("b=2");
    expect(jar.header("/")).toBe("b=2");
  });

  it("replaces, and forgets what is over", () => {
    let now = 0;
    const jar = new CookieJar(() => now);
    jar.set("a=1", "/");
    jar.set("a=2=3; Max-Age=10", "/");
    expect(jar.header("/")).toBe("a=2=3");
    now = 10_000;
    expect(jar.header("/")).toBeUndefined();
    jar.set("b=1", "/");
    jar.set("b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/");
    expect(jar.header("/")).toBeUndefined();
  });

  it("takes no nameless or endless ones, and not too many", () => {
    const jar = new CookieJar(() => 0);
    jar.set("=1", "/");
    jar.set("word", "/");
    jar.set(`a=${"b".repeat(5000)}`, "/");
    expect(jar.header("/")).toBeUndefined();
    for (let count = 0; count < 60; count++) jar.set(`c${count}=1`, "/");
    expect(jar.header("/")?.split("; ")).toHaveLength(50);
  });
});
