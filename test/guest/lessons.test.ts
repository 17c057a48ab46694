import { expect, it } from "vitest";
import { readLessons } from "../../scripts/lib/lessons.ts";
import { LESSONS } from "../../scripts/lib/paths.ts";
import { runLesson } from "../../scripts/lib/run-lesson.ts";
import { commandsOf } from "../../web/lessons/markdown.ts";
import { GUEST_TIMEOUT } from "./test-machine.ts";

for (const { lesson, markdown } of await readLessons(LESSONS)) {
  it(`the commands of ${lesson.id} work in their order`, { timeout: 2 * GUEST_TIMEOUT }, async () => {
    await expect(runLesson(commandsOf(markdown["en"] ?? ""))).resolves.toBeUndefined();
  });
}
