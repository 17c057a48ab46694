import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type LessonText, textOf } from "../../lessons/lesson.ts";
import { usePlayground, useStrings } from "../context.ts";
import { CloseIcon } from "../icons.tsx";
import { LESSON_PANEL } from "./lesson-button.tsx";
import { findLesson } from "./lesson-desk.ts";
import "./lesson-panel.css";

const ENTER = "\r";

/** What is known of the lesson that is shown. */
type Shown =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "shown"; readonly text: LessonText; readonly minutes: number; readonly html: string };

/** A lesson beside the terminal; its commands run there at a click. */
export function LessonPanel(): JSX.Element {
  const { desk } = usePlayground();
  const strings = useStrings().lesson;
  const [attempt, setAttempt] = useState(0);
  const shown = useLesson(attempt);
  return (
    <section
      id={LESSON_PANEL}
      class="lesson"
      aria-label={strings.button}
      aria-busy={shown.state === "loading"}
    >
      <div class="lesson-head">
        <p class="lesson-about">{shown.state === "shown" ? strings.minutes(shown.minutes) : null}</p>
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={strings.close}
          title={strings.close}
          onClick={() => {
            desk.open.value = false;
          }}
        >
          <CloseIcon />
        </button>
      </div>
      {shown.state === "shown" ? <Article title={shown.text.title} html={shown.html} /> : null}
      {shown.state === "failed" ? (
        <div class="lesson-failed" role="alert">
          <p>{strings.failed}</p>
          <p class="lesson-reason">{shown.reason}</p>
          <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
            {strings.tryAgain}
          </button>
        </div>
      ) : null}
    </section>
  );
}

/** Loads the chosen lesson in the chosen language, and what it takes to show it. */
function useLesson(attempt: number): Shown {
  const { desk, settings } = usePlayground();
  const [shown, setShown] = useState<Shown>({ state: "loading" });
  const language = settings.language.value;
  const chosen = desk.chosen.value;
  useEffect(() => {
    let wanted = true;
    const show = (result: Shown): void => {
      if (wanted) setShown(result);
    };
    const load = async (): Promise<Shown> => {
      const [{ lessons }, { markdownToHtml }] = await Promise.all([
        desk.source.index(),
        import("../../lessons/markdown.ts"),
      ]);
      const lesson = findLesson(lessons, chosen);
      if (lesson === undefined) throw new Error("this site has no lessons");
      const text = textOf(lesson, language);
      return {
        state: "shown",
        text,
        minutes: lesson.minutes,
        html: markdownToHtml(await desk.source.read(text)),
      };
    };
    load().then(show, (error: unknown) => show({ state: "failed", reason: String(error) }));
    return () => {
      wanted = false;
    };
  }, [desk, language, chosen, attempt]);
  return shown;
}

interface ArticleProps {
  readonly title: string;
  /** Not sanitized yet. */
  readonly html: string;
}

function Article({ title, html }: ArticleProps): JSX.Element {
  const { session } = usePlayground();
  const strings = useStrings().lesson;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let wanted = true;
    const fill = async (): Promise<void> => {
      const { sanitize } = await import("../../lessons/sanitize.ts");
      const { RUN_ATTRIBUTE } = await import("../../lessons/markdown.ts");
      if (!wanted || body.current === null) return;
      const content = sanitize(html, window);
      for (const block of content.querySelectorAll(`pre[${RUN_ATTRIBUTE}]`)) {
        block.append(runButton(strings.run, () => run(block.querySelector("code")?.textContent ?? "")));
      }
      body.current.replaceChildren(content);
    };
    const run = (commands: string): void => {
      const terminal = session.tabs.current.value.active.value;
      terminal.input(commands.replaceAll("\n", ENTER) + ENTER);
      terminal.wantsFocus.value = true;
    };
    void fill();
    return () => {
      wanted = false;
    };
  }, [html, strings, session]);
  return (
    <article class="lesson-article">
      <h2>{title}</h2>
      <div ref={body} />
    </article>
  );
}

function runButton(label: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "lesson-run";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}
