import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { usePlayground, useStrings } from "./context.ts";
import "./dialog.css";
import { ResetIcon } from "./icons.tsx";

/** Gives a fresh machine, after a question. */
export function ResetButton(): JSX.Element {
  const { session } = usePlayground();
  const strings = useStrings().reset;
  const dialog = useRef<HTMLDialogElement>(null);
  const reset = (): void => {
    dialog.current?.close();
    // The terminal takes the focus when it is ready, unless somebody else has it.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    session.restart();
  };
  return (
    <>
      <button
        type="button"
        class="button button-quiet reset-button"
        title={strings.confirm}
        onClick={() => dialog.current?.showModal()}
      >
        <ResetIcon />
        <span class="button-label">{strings.button}</span>
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="reset-title">
        <h2 id="reset-title">{strings.title}</h2>
        <p>{strings.question}</p>
        <div class="dialog-actions">
          <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
            {strings.cancel}
          </button>
          <button type="button" class="button button-danger" onClick={reset}>
            {strings.confirm}
          </button>
        </div>
      </dialog>
    </>
  );
}
