import { computed } from "@preact/signals";
import { render } from "preact";
import { App } from "../ui/app.tsx";
import type { Session } from "../session/session.ts";
import type { LessonDesk } from "../ui/lesson/lesson-desk.ts";
import type { Settings } from "../ui/settings.ts";
import { stringsOf } from "../ui/strings/catalogue.ts";
import { TerminalView } from "../ui/terminal/terminal-view.tsx";
import type { TerminalComponent } from "../ui/workspace.tsx";
import { makePreview } from "./preview.ts";

/** Shows the playground in place of what the page began with. */
export function mount(session: Session, settings: Settings, desk: LessonDesk): void {
  const element = document.querySelector("#app");
  if (element === null) throw new Error("the page has no #app");
  const playground = { session, settings, desk, preview: makePreview(session, settings) };
  const strings = computed(() => stringsOf(settings.language.value).terminal);
  const Terminal: TerminalComponent = ({ terminal, ready }) => (
    <TerminalView terminal={terminal} ready={ready} look={settings} strings={strings} onLeave={focusHeader} />
  );
  element.replaceChildren();
  render(<App playground={playground} terminalView={Terminal} />, element);
}

function focusHeader(): void {
  document.querySelector<HTMLElement>(".header button")?.focus();
}
