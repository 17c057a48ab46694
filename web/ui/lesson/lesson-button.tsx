import type { JSX } from "preact";
import { usePlayground, useStrings } from "../context.ts";
import { BookIcon } from "../icons.tsx";

/** The id of the panel that the button shows and hides. */
export const LESSON_PANEL = "lesson";

/** Shows the lesson, or puts it away. */
export function LessonButton(): JSX.Element {
  const { desk } = usePlayground();
  const strings = useStrings().lesson;
  return (
    <button
      type="button"
      class="button button-quiet header-button"
      aria-expanded={desk.open.value}
      aria-controls={LESSON_PANEL}
      onClick={() => {
        desk.open.value = !desk.open.value;
      }}
    >
      <BookIcon />
      <span class="button-label">{strings.button}</span>
    </button>
  );
}
