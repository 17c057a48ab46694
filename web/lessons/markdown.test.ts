import { describe, expect, it } from "vitest";
import { commandsOf, markdownToHtml } from "./markdown.ts";

describe("markdownToHtml", () => {
  it("marks the fences that are to be run", () => {
    expect(markdownToHtml("```sh run\ndocker ps\n```\n```sh\nls <dir>\n```")).toBe(
      '<pre data-run="" tabindex="0"><code>docker ps</code></pre>\n<pre tabindex="0"><code>ls &lt;dir&gt;</code></pre>\n',
    );
  });

  it.each([
    ["HTML", "<script>alert(1)</script>", "<script"],
    ["HTML in a line", "a <img src=x onerror=alert(1)> b", "<img"],
    ["a link that runs", "[x](javascript:alert(1))", "javascript:"],
    ["a link that breaks out of its attribute", '[x](https://a/"onclick="alert(1))', '"onclick'],
    ["a language that breaks out of its attribute", '```sh run"><b>\nx\n```', "<b>"],
    ["a picture, which would load something", "![x](https://example.com/spy.png)", "<img"],
  ])("lets no %s through", (_, text, harm) => {
    expect(markdownToHtml(text)).not.toContain(harm);
  });

  it("opens links elsewhere, so that the machine stays", () => {
    expect(markdownToHtml("[docs](https://docs.docker.com/)")).toContain(
      '<a href="https://docs.docker.com/" target="_blank" rel="noopener noreferrer">docs</a>',
    );
  });
});

it("finds the commands", () => {
  expect(commandsOf("```sh run\na\nb\n```\ntext\n```\nc\n```\n```sh run\nd\n```")).toEqual(["a\nb", "d"]);
});
