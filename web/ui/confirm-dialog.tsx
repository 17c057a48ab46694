import type { JSX, RefObject } from "preact";
import { useId } from "preact/hooks";
import "./dialog.css";

export interface ConfirmDialogProps {
  /** Whoever asks opens it with `showModal`. */
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly title: string;
  readonly question: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onConfirm: () => void;
}

/** A question before something that cannot be undone. The Escape key says no. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { dialog, title, question, confirm, cancel, onConfirm } = props;
  const titleId = useId();
  const close = (): void => dialog.current?.close();
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      <p>{question}</p>
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={close}>
          {cancel}
        </button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            close();
            onConfirm();
          }}
        >
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
