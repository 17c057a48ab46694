import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Session } from "../session/session.ts";
import { usePlayground, useStrings } from "./context.ts";
import { moment } from "./format.ts";
import { CloseIcon } from "./icons.tsx";
import { AfreshButton } from "./reset-button.tsx";
import "./restored-bar.css";

/** Says that the machine is the saved one, with a way to start afresh instead. */
export function RestoredBar(): JSX.Element | null {
  const { session, settings } = usePlayground();
  const strings = useStrings();
  const dismissed = useSignal<Session["origin"]["value"]>(undefined);
  const origin = session.origin.value;
  if (origin === undefined || origin === dismissed.value || session.state.value !== "ready") return null;
  return (
    <div class="restored-bar" role="status">
      <p>{strings.saves.restored(moment(origin.savedAt, settings.language.value))}</p>
      <AfreshButton class="button button-small">{strings.startAfresh}</AfreshButton>
      <button
        type="button"
        class="button button-quiet button-icon button-small"
        aria-label={strings.saves.dismiss}
        onClick={() => {
          dismissed.value = origin;
        }}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
