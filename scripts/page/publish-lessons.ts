import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LessonIndex } from "../../web/lessons/lesson.ts";
import { readLessons } from "../lib/lessons.ts";

/** Puts the lessons of `source` into `target` as the page reads them: an index, and Markdown without front matter. */
export async function publishLessons(source: string, target: string): Promise<void> {
  const lessons = await readLessons(source);
  await rm(target, { recursive: true, force: true });
  for (const { lesson, markdown } of lessons) {
    for (const [language, { file }] of Object.entries(lesson.texts)) {
      await mkdir(dirname(join(target, file)), { recursive: true });
      await writeFile(join(target, file), markdown[language] ?? "");
    }
  }
  const index: LessonIndex = { lessons: lessons.map(({ lesson }) => lesson) };
  await writeFile(join(target, "index.json"), JSON.stringify(index));
}
