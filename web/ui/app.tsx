import type { JSX } from "preact";
import type { ContainerRow, PublishedPort } from "../session/engine/container-row.ts";
import "./base.css";
import "./button.css";
import { ContainersStrip } from "./containers-strip.tsx";
import { type Playground, PlaygroundProvider, useStrings } from "./context.ts";
import { Frame } from "./frame.tsx";
import { Header } from "./header.tsx";
import { LessonPanel } from "./lesson/lesson-panel.tsx";
import "./theme.css";
import { type TerminalComponent, Workspace } from "./workspace.tsx";

export interface AppProps {
  readonly playground: Playground;
  readonly terminalView: TerminalComponent;
}

/** The whole page. */
export function App({ playground, terminalView }: AppProps): JSX.Element {
  const { session } = playground;
  /** Asks the port in a terminal, as one would on any machine. */
  const openPort = (_container: ContainerRow, { port }: PublishedPort): void =>
    session.tabs.open({ name: `:${port}`, command: `curl -i http://localhost:${port}/` });
  return (
    <PlaygroundProvider value={playground}>
      <SkipLink />
      <Frame
        header={<Header />}
        main={<Workspace TerminalView={terminalView} />}
        left={playground.desk.open.value ? <LessonPanel /> : undefined}
        bottom={<ContainersStrip openPort={openPort} />}
      />
    </PlaygroundProvider>
  );
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
