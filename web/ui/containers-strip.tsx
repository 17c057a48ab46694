import { useSignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { ContainerRow, PublishedPort } from "../session/engine/container-row.ts";
import { ContainerItem, type RowFailure } from "./container-item.tsx";
import "./containers-strip.css";
import { usePlayground, useStrings } from "./context.ts";
import { ChevronIcon, CloseIcon } from "./icons.tsx";

/** What to begin with: it is shown where there is no container yet. */
const FIRST_COMMAND = "docker run -d --name box busybox sleep 1000";
const LIST_ID = "container-list";
const TITLE_ID = "containers-title";

export interface ContainersStripProps {
  /** Shows what a container serves at a published port. */
  readonly openPort: (container: ContainerRow, port: PublishedPort) => void;
}

/** The machine's containers, as they are now, and what can be done with each. */
export function ContainersStrip({ openPort }: ContainersStripProps): JSX.Element {
  const { session } = usePlayground();
  const title = useRef<HTMLHeadingElement>(null);
  const open = useSignal(true);
  const failure = useSignal<RowFailure | undefined>(undefined);
  const { rows, state } = session.containers;
  return (
    <section class="containers" aria-labelledby={TITLE_ID} data-state={state.value}>
      <StripHead title={title} open={open.value} onToggle={() => (open.value = !open.value)} />
      {failure.value === undefined ? null : (
        <Failure failure={failure.value} onDismiss={() => (failure.value = undefined)} />
      )}
      <div id={LIST_ID} class="containers-body" hidden={!open.value}>
        <StripNote />
        {rows.value.length === 0 ? null : (
          <ul class="container-list">
            {rows.value.map(row => (
              <ContainerItem
                key={row.id}
                row={row}
                openPort={openPort}
                onFocusLost={() => title.current?.focus()}
                onFailure={found => (failure.value = found)}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

interface StripHeadProps {
  readonly title: RefObject<HTMLHeadingElement | null>;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function StripHead({ title, open, onToggle }: StripHeadProps): JSX.Element {
  const rows = usePlayground().session.containers.rows.value;
  const strings = useStrings().containers;
  const running = rows.filter(({ status }) => status === "running").length;
  const label = open ? strings.hide : strings.show;
  return (
    <div class="containers-head">
      <h2 ref={title} id={TITLE_ID} tabIndex={-1}>
        {strings.title}
      </h2>
      <span class="containers-count">{rows.length > 0 ? strings.count(running, rows.length) : null}</span>
      <button
        type="button"
        class="button button-quiet button-icon button-small containers-toggle"
        aria-expanded={open}
        aria-controls={LIST_ID}
        aria-label={label}
        title={label}
        onClick={onToggle}
      >
        <ChevronIcon />
      </button>
    </div>
  );
}

/** What there is to say about the list as a whole. */
function StripNote(): JSX.Element | null {
  const { session } = usePlayground();
  const strings = useStrings().containers;
  const { rows, state } = session.containers;
  if (session.state.value !== "ready") return null;
  if (state.value === "lost") {
    return (
      <p class="containers-note" role="status">
        {strings.lost}
      </p>
    );
  }
  if (state.value === "connecting") return <p class="containers-note">{strings.connecting}</p>;
  if (rows.value.length > 0) return null;
  return (
    <p class="containers-note">
      {strings.emptyBefore} <code>{FIRST_COMMAND}</code> {strings.emptyAfter}
    </p>
  );
}

interface FailureProps {
  readonly failure: RowFailure;
  readonly onDismiss: () => void;
}

function Failure({ failure, onDismiss }: FailureProps): JSX.Element {
  const strings = useStrings().containers;
  return (
    <div class="containers-failure" role="alert">
      <p>
        {strings.failed(failure.name)} {failure.message}
      </p>
      <button
        type="button"
        class="button button-quiet button-icon button-small"
        aria-label={strings.dismiss}
        onClick={onDismiss}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
