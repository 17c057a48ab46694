import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import type { Terminal } from "../session/terminal.ts";
import "./base.css";
import { BootScreen } from "./boot-screen.tsx";
import "./button.css";
import { type Playground, PlaygroundProvider, usePlayground, useStrings } from "./context.ts";
import { Frame } from "./frame.tsx";
import { Header } from "./header.tsx";
import { PreviewPanel } from "./preview/preview-panel.tsx";
import { ProblemBar, ProblemCard } from "./problem-card.tsx";
import "./theme.css";
import "./workspace.css";

/** Shows a terminal: ui/terminal does, which this part of the page does not know. */
export type TerminalComponent = ComponentType<{
  readonly terminal: Terminal;
  readonly ready: ReadonlySignal<boolean>;
}>;

export interface AppProps {
  readonly playground: Playground;
  readonly terminalView: TerminalComponent;
}

/** The whole page. */
export function App({ playground, terminalView }: AppProps): JSX.Element {
  return (
    <PlaygroundProvider value={playground}>
      <SkipLink />
      <Places terminalView={terminalView} />
    </PlaygroundProvider>
  );
}

function Places({ terminalView }: Pick<AppProps, "terminalView">): JSX.Element {
  const { preview } = usePlayground();
  const right = preview.visible.value ? <PreviewPanel /> : undefined;
  return <Frame header={<Header />} main={<Workspace TerminalView={terminalView} />} right={right} />;
}

/** The first thing that the Tab key finds. */
function SkipLink(): JSX.Element {
  const strings = useStrings();
  return (
    <a class="skip-link" href="#terminals">
      {strings.skipToTerminal}
    </a>
  );
}

function Workspace({ TerminalView }: { readonly TerminalView: TerminalComponent }): JSX.Element {
  const { session } = usePlayground();
  const state = session.state.value;
  const problem = session.problem.value;
  // After a crash there is something to read.
  const visible = useComputed(
    () => session.state.value === "ready" || session.problem.value?.kind === "crash",
  );
  return (
    <div class="workspace">
      <ProblemBar />
      <div class="workspace-terminals" id="terminals">
        {session.terminals.value.map(terminal => (
          <TerminalView key={terminal.id} terminal={terminal} ready={visible} />
        ))}
      </div>
      {state === "starting" ? <BootScreen /> : null}
      {problem !== undefined && problem.kind !== "crash" ? <ProblemCard problem={problem} /> : null}
    </div>
  );
}
