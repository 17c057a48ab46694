import type { ReadonlySignal } from "@preact/signals";
import { useComputed } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Tab, Tabs } from "../session/tabs.ts";
import type { Terminal } from "../session/terminal.ts";
import { BootScreen } from "./boot-screen.tsx";
import { usePlayground } from "./context.ts";
import { ProblemBar, ProblemCard } from "./problem-card.tsx";
import { RestoredBar } from "./restored-bar.tsx";
import { SplitDivider } from "./split-divider.tsx";
import { TabBar } from "./tab-bar.tsx";
import { paneId, tabId } from "./tab-names.ts";
import "./workspace.css";

/** Shows a terminal: ui/terminal does, which this part of the page does not know. */
export type TerminalComponent = ComponentType<{
  readonly terminal: Terminal;
  readonly ready: ReadonlySignal<boolean>;
}>;

interface WorkspaceProps {
  readonly TerminalView: TerminalComponent;
}

/** The terminals in their tabs, and what is to be said instead while there is no machine. */
export function Workspace({ TerminalView }: WorkspaceProps): JSX.Element {
  const { session } = usePlayground();
  const { tabs } = session;
  const state = session.state.value;
  const problem = session.problem.value;
  useTabKeys(tabs);
  // One list of all: a terminal that would move to another place in the page would lose its shell.
  const panes = tabs.all.value.flatMap(tab =>
    tab.terminals.value.map(terminal => (
      <Pane key={terminal.id} tab={tab} terminal={terminal} TerminalView={TerminalView} />
    )),
  );
  return (
    <div class="workspace">
      <ProblemBar />
      <RestoredBar />
      <TabBar />
      <div class="workspace-terminals" id="terminals">
        {panes}
        <SplitDivider />
      </div>
      {state === "starting" ? <BootScreen /> : null}
      {problem !== undefined && problem.kind !== "crash" ? <ProblemCard problem={problem} /> : null}
    </div>
  );
}

interface PaneProps extends WorkspaceProps {
  readonly tab: Tab;
  readonly terminal: Terminal;
}

/** One terminal in its place. */
function Pane({ tab, terminal, TerminalView }: PaneProps): JSX.Element {
  const { session } = usePlayground();
  const { tabs } = session;
  // After a crash there is something to read.
  const shown = useComputed(
    () =>
      tabs.current.value === tab &&
      (session.state.value === "ready" || session.problem.value?.kind === "crash"),
  );
  const current = tabs.current.value === tab;
  const split = tab.terminals.value.length > 1;
  const first = tab.terminals.value[0] === terminal;
  const share = tab.share.value;
  const [start, size] = !split ? [0, 1] : first ? [0, share] : [share, 1 - share];
  return (
    <div
      class="pane"
      id={paneId(terminal)}
      role="tabpanel"
      aria-labelledby={tabId(tab)}
      data-current={current}
      data-active={current && tab.active.value === terminal}
      data-split={split}
      style={{ "--start": String(start), "--size": String(size) }}
      onFocusIn={() => tabs.focused(terminal)}
    >
      <TerminalView terminal={terminal} ready={shown} />
    </div>
  );
}

/** Alt with a digit turns to a tab, or to the other half of a split one. Keyboards differ in what they make of it. */
function useTabKeys(tabs: Tabs): void {
  useEffect(() => {
    const take = (event: KeyboardEvent): void => {
      const digit = /^Digit(\d)$/.exec(event.code)?.[1];
      if (digit === undefined || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (digit === "0") tabs.selectOther();
      else tabs.selectAt(Number(digit) - 1);
    };
    document.addEventListener("keydown", take);
    return () => document.removeEventListener("keydown", take);
  }, [tabs]);
}
