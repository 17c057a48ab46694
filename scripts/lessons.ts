/**
 * `npm run lessons`: checks all lessons, and runs the commands of each in a fresh guest, in a terminal as a learner
 * would. Ends with 1 where a lesson is wrong or one of its commands fails.
 */
import { commandsOf } from "../web/lessons/markdown.ts";
import { type LessonFiles, readLessons } from "./lib/lessons.ts";
import { runLesson } from "./lib/run-lesson.ts";
import { LESSONS } from "./lib/paths.ts";

async function tryLesson({ lesson, markdown }: LessonFiles): Promise<boolean> {
  const commands = commandsOf(markdown["en"] ?? "");
  const started = performance.now();
  try {
    await runLesson(commands);
  } catch (error) {
    console.log(`${lesson.id}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${lesson.id}: ${commands.length} commands, ${seconds} s`);
  return true;
}

const results: boolean[] = [];
for (const files of await readLessons(LESSONS)) results.push(await tryLesson(files));
process.exit(results.every(Boolean) ? 0 : 1);
