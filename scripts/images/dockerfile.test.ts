import { describe, expect, it } from "vitest";
import { parseScratchDockerfile } from "./dockerfile.ts";

const instructions = (text: string): unknown[] => parseScratchDockerfile(text).map(step => step.instruction);

describe("parseScratchDockerfile", () => {
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

  it("keeps an instruction's text on one line for the history", () => {
    expect(parseScratchDockerfile("FROM scratch\nCOPY a \\\n   b /").map(step => step.text)).toEqual([
      "COPY a b /",
    ]);
  });

  it.each([
    ["FROM busybox", "the first instruction must be FROM scratch"],
    ["", "the first instruction must be FROM scratch"],
    ["FROM scratch\nRUN true", "RUN is not supported in an image built without an engine: RUN true"],
    ["FROM scratch\nCOPY --chown=1 a /", "COPY: options are not supported here"],
    ["FROM scratch\nCMD sh", "CMD must be a JSON list: sh"],
    ["FROM scratch\nCMD [1]", "CMD must be a JSON list of strings"],
    ["FROM scratch\nENV A", "ENV needs KEY=VALUE: A"],
    ["FROM scratch\nCOPY a", "COPY needs a source and a target"],
  ])("refuses %j", (text, message) => {
    expect(() => parseScratchDockerfile(text)).toThrow(message);
  });
});
