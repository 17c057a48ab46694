import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { usePlayground, useStrings } from "./context.ts";
import { megabytes, moment } from "./format.ts";
import { CloseIcon, SaveIcon } from "./icons.tsx";
import "./popover.css";
import "./save-menu.css";

const ID = "saves";
const TITLE_ID = "saves-title";
/** Milliseconds that a browser may take to begin a download. */
const DOWNLOAD_STARTS = 60_000;

/** The button that tells whether the machine is saved, and what can be done about it. */
export function SaveMenu(): JSX.Element {
  const strings = useStrings().saves;
  const label = useSaveLabel();
  return (
    <>
      <button
        type="button"
        class="button button-quiet header-button"
        popovertarget={ID}
        title={strings.title}
      >
        <SaveIcon />
        <span class="button-label">{label}</span>
      </button>
      <div id={ID} popover="auto" class="popover saves" role="dialog" aria-labelledby={TITLE_ID}>
        <div class="popover-head">
          <h2 id={TITLE_ID}>{strings.title}</h2>
          <button
            type="button"
            class="button button-quiet button-icon"
            popovertarget={ID}
            popovertargetaction="hide"
            aria-label={strings.close}
          >
            <CloseIcon />
          </button>
        </div>
        <Saved />
        <SaveProblemText />
        <SaveActions />
        <p class="saves-explanation">{strings.explanation}</p>
      </div>
    </>
  );
}

function useSaveLabel(): string {
  const { session, settings } = usePlayground();
  const strings = useStrings().saves;
  const { saving, problem, saved } = session.saves;
  if (saving.value) return strings.saving;
  if (problem.value !== undefined) return strings.failed;
  if (saved.value === undefined) return strings.button;
  return strings.savedAt(moment(saved.value.savedAt, settings.language.value));
}

function Saved(): JSX.Element {
  const { session, settings } = usePlayground();
  const strings = useStrings().saves;
  const saved = session.saves.saved.value;
  if (saved === undefined) return <p>{strings.none}</p>;
  return (
    <dl class="saves-facts">
      <div>
        <dt>{strings.time}</dt>
        <dd>{moment(saved.savedAt, settings.language.value)}</dd>
      </div>
      <div>
        <dt>{strings.size}</dt>
        <dd>{strings.megabytes(megabytes(saved.size))}</dd>
      </div>
    </dl>
  );
}

function SaveProblemText(): JSX.Element | null {
  const { session } = usePlayground();
  const strings = useStrings().saves;
  const problem = session.saves.problem.value;
  if (problem === undefined) return null;
  return (
    <div class="saves-problem" role="alert">
      <p>{strings.problems[problem.kind]}</p>
      <p class="saves-detail">{problem.detail}</p>
    </div>
  );
}

function SaveActions(): JSX.Element {
  const { session } = usePlayground();
  const strings = useStrings().saves;
  const { saved, saving } = session.saves;
  const stored = saved.value;
  return (
    <div class="saves-actions">
      <button
        type="button"
        class="button button-primary"
        disabled={saving.value || session.state.value !== "ready"}
        onClick={() => {
          // Asked for on somebody's wish only: some browsers put the question to them.
          void navigator.storage?.persist?.();
          void session.save();
        }}
      >
        {saving.value ? strings.saving : strings.save}
      </button>
      <button
        type="button"
        class="button"
        disabled={stored === undefined}
        onClick={() => {
          if (stored !== undefined) download(stored.file, stored.savedAt);
        }}
      >
        {strings.download}
      </button>
      <OpenButton />
    </div>
  );
}

/** Chooses a file, and asks before it takes the machine's place. */
function OpenButton(): JSX.Element {
  const { session } = usePlayground();
  const strings = useStrings().saves;
  const field = useRef<HTMLInputElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (): void => {
    const file = field.current?.files?.[0];
    if (file !== undefined) void session.open(file);
    if (field.current !== null) field.current.value = "";
  };
  return (
    <>
      <button type="button" class="button" onClick={() => field.current?.click()}>
        {strings.open}
      </button>
      <input
        ref={field}
        type="file"
        accept=".drydock"
        hidden
        aria-label={strings.open}
        onChange={() => dialog.current?.showModal()}
      />
      <ConfirmDialog
        dialog={dialog}
        title={strings.openTitle}
        question={strings.openQuestion}
        confirm={strings.openConfirm}
        cancel={strings.cancel}
        onConfirm={open}
      />
    </>
  );
}

function download(file: Blob, savedAt: number): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = `machine-${new Date(savedAt).toISOString().slice(0, 16).replaceAll(":", "")}.drydock`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_STARTS);
}
