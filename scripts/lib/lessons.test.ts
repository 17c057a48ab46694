import { describe, expect, it } from "vitest";
import { commandsOf } from "../../web/lessons/markdown.ts";
import { parseContent, readLessons } from "./lessons.ts";
import { LESSONS } from "./paths.ts";

const HEAD = "---\ntitle: A\nsummary: B\nminutes: 5\n---\n";

describe("a lesson's content", () => {
  it("is front matter and Markdown", () => {
    expect(parseContent(`${HEAD}# Hello\n`, "x.md")).toEqual({
      text: { title: "A", summary: "B" },
      minutes: 5,
      markdown: "# Hello\n",
    });
  });

  it.each([
    ["# Hello", "x.md: no front matter between --- lines"],
    ["---\ntitle: [\n---\n", "x.md: the front matter is no YAML"],
    ["---\njust words\n---\n", "x.md: the front matter has no fields"],
    ["---\ntitle: A\nsummary: B\nminutes: soon\n---\n", 'x.md: "minutes" must be a positive number'],
    ["---\ntitle: 1\nsummary: B\nminutes: 5\n---\n", 'x.md: "title" must be a text'],
    ["---\ntitle: A\nsummary: B\nminutes: 5\nmood: x\n---\n", 'x.md: unknown field "mood"'],
  ])("is refused with its place: %j", (source, message) => {
    expect(() => parseContent(source, "x.md")).toThrow(message);
  });
});

it("our lessons give the same commands in all languages", async () => {
  const lessons = await readLessons(LESSONS);
  expect(lessons.length).toBeGreaterThan(0);
  for (const { lesson, markdown } of lessons) {
    const [first, ...others] = Object.values(markdown).map(commandsOf);
    expect(first, lesson.id).not.toEqual([]);
    for (const commands of others) expect(commands, lesson.id).toEqual(first);
  }
});
