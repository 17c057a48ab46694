import type { JSX } from "preact";
import type { Problem, ProblemKind } from "../session/problem.ts";
import "./card.css";
import { usePlayground, useStrings } from "./context.ts";
import { WarningIcon } from "./icons.tsx";
import "./problem-card.css";
import { AfreshButton } from "./reset-button.tsx";

/** Start the machine again, load the page anew, or forget the saved machine and start a fresh one. */
type Remedy = "restart" | "reload" | "afresh";

/** What a person can do about a problem; nothing here where there is none. */
const REMEDIES: Readonly<Record<ProblemKind, Remedy | undefined>> = {
  unsupported: undefined,
  memory: "restart",
  network: "restart",
  outdated: "reload",
  saved: "afresh",
  stuck: "restart",
  crash: "restart",
};

/** Why there is no machine, and what to do. */
export function ProblemCard({ problem }: { readonly problem: Problem }): JSX.Element {
  const strings = useStrings();
  const { title, advice } = strings.problems[problem.kind];
  const offline = problem.kind === "network" && !navigator.onLine;
  return (
    <section class="card problem" role="alert" aria-labelledby="problem-title">
      <h2 id="problem-title">
        <WarningIcon />
        {title}
      </h2>
      <p>{advice}</p>
      {offline ? <p>{strings.offline}</p> : null}
      <Remedies problem={problem} />
      <Details text={problem.detail} />
    </section>
  );
}

function Remedies({ problem }: { readonly problem: Problem }): JSX.Element | null {
  const { session } = usePlayground();
  const strings = useStrings();
  const remedy = REMEDIES[problem.kind];
  if (remedy === undefined) return null;
  const buttons: Readonly<Record<Remedy, { readonly label: string; readonly apply: () => void }>> = {
    restart: { label: strings.tryAgain, apply: () => session.restart() },
    reload: { label: strings.reloadPage, apply: () => location.reload() },
    afresh: { label: strings.startAfresh, apply: () => session.reset() },
  };
  const { label, apply } = buttons[remedy];
  return (
    <div class="card-actions">
      <button type="button" class="button button-primary" onClick={apply}>
        {label}
      </button>
      {problem.fromSaved && remedy !== "afresh" ? (
        <AfreshButton class="button">{strings.startAfresh}</AfreshButton>
      ) : null}
    </div>
  );
}

/** A bar above the terminal: the machine is gone or silent, what it has shown is still there. */
export function ProblemBar(): JSX.Element | null {
  const { session } = usePlayground();
  const strings = useStrings();
  const problem = session.problem.value;
  const crashed = problem?.kind === "crash";
  if (!crashed && !session.silent.value) return null;
  const { title, advice } = crashed ? strings.problems.crash : strings.silent;
  return (
    <section class="problem-bar" data-kind={crashed ? "crash" : "silent"} role="alert">
      <WarningIcon />
      <div>
        <strong>{title}</strong>
        <p>{advice}</p>
        {crashed ? <Details text={problem.detail} /> : null}
      </div>
      <button type="button" class="button button-primary" onClick={() => session.restart()}>
        {session.saves.saved.value === undefined ? strings.restartMachine : strings.restartSaved}
      </button>
    </section>
  );
}

function Details({ text }: { readonly text: string }): JSX.Element {
  const strings = useStrings();
  return (
    <details class="problem-details">
      <summary>{strings.technicalDetails}</summary>
      <pre>{text}</pre>
    </details>
  );
}
