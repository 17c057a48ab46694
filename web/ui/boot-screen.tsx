import type { JSX } from "preact";
import { BOOT_STEPS, type BootProgress, type BootStep } from "../session/boot-progress.ts";
import "./boot-screen.css";
import "./card.css";
import { usePlayground, useStrings } from "./context.ts";
import { megabytes, moment } from "./format.ts";
import { CheckIcon } from "./icons.tsx";
import { AfreshButton } from "./reset-button.tsx";

type StepState = "done" | "active" | "ahead";

/** What happens until there is a prompt. */
export function BootScreen(): JSX.Element {
  const { session, settings } = usePlayground();
  const { boot: strings, startAfresh } = useStrings();
  const progress = session.progress.value;
  const saved = session.origin.value;
  return (
    <section class="card boot" aria-labelledby="boot-title" aria-busy="true">
      <h2 id="boot-title">{saved === undefined ? strings.title : strings.savedTitle}</h2>
      <ol class="boot-steps">
        {BOOT_STEPS.map(step => (
          <Step key={step} step={step} progress={progress} />
        ))}
      </ol>
      <p class="boot-hint">
        {saved === undefined
          ? strings.hint
          : strings.savedHint(moment(saved.savedAt, settings.language.value), megabytes(saved.size))}
      </p>
      {saved === undefined ? null : (
        <div class="card-actions">
          <AfreshButton class="button">{startAfresh}</AfreshButton>
        </div>
      )}
    </section>
  );
}

function Step({ step, progress }: { readonly step: BootStep; readonly progress: BootProgress }): JSX.Element {
  const strings = useStrings().boot;
  const fromSaved = usePlayground().session.origin.value !== undefined;
  const state = stateOf(step, progress.step);
  return (
    <li class="boot-step" data-state={state}>
      <span class="boot-mark">{state === "done" ? <CheckIcon /> : null}</span>
      <span class="boot-name">
        {step === "download" && fromSaved ? strings.savedRead : strings.steps[step]}
        {state === "ahead" ? null : (
          <span class="visually-hidden"> ({state === "done" ? strings.stepDone : strings.stepActive})</span>
        )}
      </span>
      {step === "download" ? <Download progress={progress} active={state === "active"} /> : null}
    </li>
  );
}

function stateOf(step: BootStep, current: BootStep): StepState {
  const distance = BOOT_STEPS.indexOf(step) - BOOT_STEPS.indexOf(current);
  return distance < 0 ? "done" : distance === 0 ? "active" : "ahead";
}

function Download({
  progress,
  active,
}: {
  readonly progress: BootProgress;
  readonly active: boolean;
}): JSX.Element {
  const strings = useStrings().boot;
  const { loaded, total } = progress;
  return (
    <>
      <span class="boot-bytes">{total > 0 ? strings.bytes(megabytes(loaded), megabytes(total)) : null}</span>
      <progress
        class="boot-bar"
        aria-label={strings.steps.download}
        max={Math.max(total, 1)}
        value={active ? loaded : total}
      />
    </>
  );
}
