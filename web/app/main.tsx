import { computed } from "@preact/signals";
import { render } from "preact";
import { App } from "../ui/app.tsx";
import type { Playground } from "../ui/context.ts";
import { stringsOf } from "../ui/strings/catalogue.ts";
import { TerminalView } from "../ui/terminal/terminal-view.tsx";
import type { TerminalComponent } from "../ui/workspace.tsx";

/** Shows the playground in place of what the page began with. */
export function mount(playground: Playground): void {
  const element = document.querySelector("#app");
  if (element === null) throw new Error("the page has no #app");
  const { settings } = playground;
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
