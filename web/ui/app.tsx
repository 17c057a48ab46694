import type { JSX } from "preact";
import type { ContainerRow, PublishedPort } from "../session/engine/container-row.ts";
import "./base.css";
import "./button.css";
import { ContainersStrip } from "./containers-strip.tsx";
import { type Playground, PlaygroundProvider, usePlayground, useStrings } from "./context.ts";
import { Frame } from "./frame.tsx";
import { Header } from "./header.tsx";
import { LessonPanel } from "./lesson/lesson-panel.tsx";
import { PreviewPanel } from "./preview/preview-panel.tsx";
import "./theme.css";
import { type TerminalComponent, Workspace } from "./workspace.tsx";

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
  const { desk, preview } = usePlayground();
  const openPort = (_container: ContainerRow, { port }: PublishedPort): void => void preview.open(port);
  return (
    <Frame
      header={<Header />}
      main={<Workspace TerminalView={terminalView} />}
      left={desk.open.value ? <LessonPanel /> : undefined}
      right={preview.visible.value ? <PreviewPanel /> : undefined}
      bottom={<ContainersStrip openPort={openPort} />}
    />
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
