import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Lesson, LessonText } from "../../web/lessons/lesson.ts";

/** A lesson of the repository, with its texts' Markdown. */
export interface LessonFiles {
  readonly lesson: Lesson;
  /** By language. */
  readonly markdown: Readonly<Record<string, string>>;
}

interface Content {
  readonly text: Omit<LessonText, "file">;
  readonly minutes: number;
  readonly markdown: string;
}

const LANGUAGES = ["en", "zh"];
const FRONT_MATTER = /^---\r?\n([^]*?)\r?\n---\r?\n([^]*)$/;
const KEYS: ReadonlySet<string> = new Set(["title", "summary", "minutes"]);

/**
 * All lessons below `root`, in the order of their numbers: PART/LESSON/content.LANGUAGE.md, each with YAML front matter
 * (title, summary, minutes). Throws with the file's name where something is missing or wrong.
 */
export async function readLessons(root: string): Promise<LessonFiles[]> {
  const lessons: LessonFiles[] = [];
  for (const part of await foldersOf(root)) {
    for (const name of await foldersOf(join(root, part)))
      lessons.push(await readLesson(root, `${part}/${name}`));
  }
  return lessons;
}

async function readLesson(root: string, id: string): Promise<LessonFiles> {
  const contents = await Promise.all(
    LANGUAGES.map(
      async language => [language, await readContent(root, `${id}/content.${language}.md`)] as const,
    ),
  );
  const [, first] = contents[0] ?? [];
  if (first === undefined) throw new Error(`${id}: no language`);
  const odd = contents.find(([, { minutes }]) => minutes !== first.minutes);
  if (odd !== undefined)
    throw new Error(`${id}/content.${odd[0]}.md: minutes must be the same in all languages`);
  const texts = contents.map(([language, { text }]) => [language, { ...text, file: `${id}/${language}.md` }]);
  return {
    lesson: { id, minutes: first.minutes, texts: Object.fromEntries(texts) },
    markdown: Object.fromEntries(contents.map(([language, { markdown }]) => [language, markdown])),
  };
}

async function readContent(root: string, file: string): Promise<Content> {
  return parseContent(await readFile(join(root, file), "utf8"), file);
}

/** Splits front matter from Markdown, and checks it. `file` is for errors. */
export function parseContent(source: string, file: string): Content {
  const [, head, markdown] = FRONT_MATTER.exec(source) ?? [];
  if (head === undefined || markdown === undefined)
    throw new Error(`${file}: no front matter between --- lines`);
  const fields = parseFields(head, file);
  const odd = Object.keys(fields).find(key => !KEYS.has(key));
  if (odd !== undefined) throw new Error(`${file}: unknown field "${odd}" in the front matter`);
  const { title, summary, minutes } = fields;
  if (typeof title !== "string" || title === "") throw new Error(`${file}: "title" must be a text`);
  if (typeof summary !== "string" || summary === "") throw new Error(`${file}: "summary" must be a text`);
  if (typeof minutes !== "number" || minutes <= 0)
    throw new Error(`${file}: "minutes" must be a positive number`);
  return { text: { title, summary }, minutes, markdown };
}

function parseFields(head: string, file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parse(head);
  } catch (cause) {
    throw new Error(`${file}: the front matter is no YAML: ${String(cause)}`, { cause });
  }
  if (typeof value !== "object" || value === null) throw new Error(`${file}: the front matter has no fields`);
  return { ...value };
}

async function foldersOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return names.toSorted((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
}
