import { describe, expect, it } from "vitest";
import { parseDynamicRange, PortAllocator } from "./port-allocator.ts";

const BOTH = ["0.0.0.0", "::"];
const DYNAMIC = { first: 32768, last: 32770 };

describe("the port allocator", () => {
  it("gives a port once for each address and protocol", () => {
    const ports = new PortAllocator(DYNAMIC);
    const http = { first: 80, last: 80 };
    expect(ports.take(BOTH, "tcp", http)).toBe(80);
    expect(ports.take(["0.0.0.0"], "udp", http)).toBe(80);
    expect(ports.take(["127.0.0.1"], "tcp", http)).toBe(80);
    expect(() => ports.take(["::"], "tcp", http)).toThrow("Bind for :::80 failed: port is already allocated");
    ports.release("::", "tcp", 80);
    expect(ports.take(["::"], "tcp", http)).toBe(80);
  });

  it("goes round in the dynamic range", () => {
    const ports = new PortAllocator(DYNAMIC);
    expect([1, 2, 3].map(() => ports.take(BOTH, "tcp", null))).toEqual([32768, 32769, 32770]);
    ports.release("0.0.0.0", "tcp", 32769);
    expect(() => ports.take(BOTH, "tcp", null)).toThrow("all ports are allocated");
    ports.release("::", "tcp", 32769);
    expect(ports.take(BOTH, "tcp", null)).toBe(32769);
  });

  it("finds a port of a range that is free at all addresses", () => {
    const ports = new PortAllocator(DYNAMIC);
    ports.take(["::"], "tcp", { first: 8000, last: 8000 });
    expect(ports.take(BOTH, "tcp", { first: 8000, last: 8001 })).toBe(8001);
  });
});

describe("the dynamic range", () => {
  it("is the kernel's", () => {
    expect(parseDynamicRange("32768\t60999\n")).toEqual({ first: 32768, last: 60999 });
  });

  it("is Docker's own where the kernel tells of none", () => {
    expect(parseDynamicRange("")).toEqual({ first: 49153, last: 65535 });
  });
});
