import { expect, test } from "vitest";
import { parseMessage } from "./launcher-message.ts";

test("a message has directory, words and environment", () => {
  const text = "/root\x003\0docker\0ps\0-a\0HOME=/root\0TERM=xterm\0";
  expect(parseMessage(text, [3, 4, 5])).toEqual({
    directory: "/root",
    words: ["ps", "-a"],
    environment: "\0HOME=/root\0TERM=xterm",
    fds: [3, 4, 5],
  });
});

test("words may be empty, and so may the environment", () => {
  expect(parseMessage("/\x002\0docker\0\0", [])).toEqual({
    directory: "/",
    words: [""],
    environment: "\0",
    fds: [],
  });
});
