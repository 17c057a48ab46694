import { type Signal, signal } from "@preact/signals";
import type { Lesson, LessonSource } from "../../lessons/lesson.ts";

/** Whether a lesson lies beside the terminal, and which. */
export class LessonDesk {
  readonly source: LessonSource;
  readonly open: Signal<boolean>;
  /** The lesson's id; undefined for the first one. */
  readonly chosen: Signal<string | undefined>;

  /** `wanted` is the id that the page was opened with. */
  constructor(source: LessonSource, wanted: string | null) {
    this.source = source;
    this.open = signal(wanted !== null);
    this.chosen = signal(wanted || undefined);
  }
}

/** The lesson with this id; the first one for an id that no lesson has. */
export function findLesson(lessons: readonly Lesson[], id: string | undefined): Lesson | undefined {
  return lessons.find(lesson => lesson.id === id) ?? lessons[0];
}
