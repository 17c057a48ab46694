import { describe, expect, it } from "vitest";
import { parseDockerfile } from "./dockerfile.ts";

const instructions = (text: string): unknown[] => parseDockerfile(text).steps.map(step => step.instruction);

describe("parseDockerfile", () => {
  it("reads each instruction of the subset", () => {
    const text = [
      "# a comment",
      "FROM scratch",
      "ADD rootfs.tar /",
      "COPY a b \\",
      "  /bin/",
      'ENV A=1 B="two words"',
      "LABEL org.example=x",
      'ENTRYPOINT ["/init"]',
      'CMD ["sh", "-c"]',
      "EXPOSE 80 53/udp",
      'VOLUME ["/data"]',
      "WORKDIR /srv",
      "USER 1000:1000",
      "STOPSIGNAL SIGINT",
    ].join("\n");
    expect(instructions(text)).toEqual([
      { kind: "ADD", sources: ["rootfs.tar"], target: "/" },
      { kind: "COPY", sources: ["a", "b"], target: "/bin/" },
      {
        kind: "ENV",
        pairs: [
          ["A", "1"],
          ["B", "two words"],
        ],
      },
      { kind: "LABEL", pairs: [["org.example", "x"]] },
      { kind: "ENTRYPOINT", argv: ["/init"] },
      { kind: "CMD", argv: ["sh", "-c"] },
      { kind: "EXPOSE", values: ["80", "53/udp"] },
      { kind: "VOLUME", values: ["/data"] },
      { kind: "WORKDIR", value: "/srv" },
      { kind: "USER", value: "1000:1000" },
      { kind: "STOPSIGNAL", value: "SIGINT" },
    ]);
  });

  it.each([
    ["scratch", undefined],
    ["debian", { repository: "library/debian", tag: "latest" }],
    ["debian:12-slim", { repository: "library/debian", tag: "12-slim" }],
    ["example/app:1", { repository: "example/app", tag: "1" }],
  ])("starts from %s", (name, base) => {
    expect(parseDockerfile(`FROM ${name}`)).toEqual({ base, steps: [] });
  });

  it("keeps an instruction's text on one line for the history", () => {
    expect(parseDockerfile("FROM scratch\nCOPY a \\\n   b /").steps.map(step => step.text)).toEqual([
      "COPY a b /",
    ]);
  });

  it.each([
    ["", 'the first instruction must be FROM and an image, not ""'],
    ["CMD []", "the first instruction must be FROM and an image"],
    ["FROM debian AS base", "the first instruction must be FROM and an image"],
    ["FROM scratch\nRUN true", "RUN is not supported in an image built without an engine: RUN true"],
    ["FROM scratch\nCOPY --chown=1 a /", "COPY: options are not supported here"],
    ["FROM scratch\nCMD sh", "CMD must be a JSON list: sh"],
    ["FROM scratch\nCMD [1]", "CMD must be a JSON list of strings"],
    ["FROM scratch\nENV A", "ENV needs KEY=VALUE: A"],
    ["FROM scratch\nCOPY a", "COPY needs a source and a target"],
  ])("refuses %j", (text, message) => {
    expect(() => parseDockerfile(text)).toThrow(message);
  });
});
