import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { usePlayground, useStrings } from "./context.ts";
import { ResetIcon } from "./icons.tsx";

/** The header's button for a fresh machine. */
export function ResetButton(): JSX.Element {
  const strings = useStrings().reset;
  return (
    <AfreshButton class="button button-quiet header-button" title={strings.confirm}>
      <ResetIcon />
      <span class="button-label">{strings.button}</span>
    </AfreshButton>
  );
}

interface AfreshButtonProps {
  readonly class: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** Gives a fresh machine, after a question. */
export function AfreshButton({ children, ...button }: AfreshButtonProps): JSX.Element {
  const { session } = usePlayground();
  const { title, question, confirm, cancel } = useStrings().reset;
  const dialog = useRef<HTMLDialogElement>(null);
  const reset = (): void => {
    // The terminal takes the focus when it is ready, unless somebody else has it.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    session.reset();
  };
  return (
    <>
      <button type="button" {...button} onClick={() => dialog.current?.showModal()}>
        {children}
      </button>
      <ConfirmDialog
        dialog={dialog}
        title={title}
        question={question}
        confirm={confirm}
        cancel={cancel}
        onConfirm={reset}
      />
    </>
  );
}
