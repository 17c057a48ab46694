import type { JSX } from "preact";
import type { Problem, ProblemKind } from "../session/problem.ts";
import "./card.css";
import { usePlayground, useStrings } from "./context.ts";
import { WarningIcon } from "./icons.tsx";
import "./problem-card.css";

/** What a person can do about a problem: start the machine again, load the page anew, or nothing here. */
const REMEDIES: Readonly<Record<ProblemKind, "restart" | "reload" | undefined>> = {
  unsupported: undefined,
  memory: "restart",
  network: "restart",
  outdated: "reload",
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
      <Remedy kind={problem.kind} />
      <Details text={problem.detail} />
    </section>
  );
}

function Remedy({ kind }: { readonly kind: ProblemKind }): JSX.Element | null {
  const { session } = usePlayground();
  const strings = useStrings();
  const remedy = REMEDIES[kind];
  if (remedy === undefined) return null;
  const [label, apply] =
    remedy === "reload"
      ? [strings.reloadPage, () => location.reload()]
      : [strings.tryAgain, () => session.restart()];
  return (
    <div class="card-actions">
      <button type="button" class="button button-primary" onClick={apply}>
        {label}
      </button>
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
        {strings.restartMachine}
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
