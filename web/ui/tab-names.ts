import type { Tab } from "../session/tabs.ts";
import type { Terminal } from "../session/terminal.ts";
import type { Strings } from "./strings/strings.ts";

/** What a tab is called: what somebody has called it, or its first terminal's name. */
export function tabName(tab: Tab, strings: Strings): string {
  return tab.name.value ?? strings.terminal.label(tab.terminals.value[0]?.id ?? tab.id);
}

/** The element of a tab. */
export function tabId(tab: Tab): string {
  return `tab-${tab.id}`;
}

/** The element in which a terminal is shown. */
export function paneId(terminal: Terminal): string {
  return `pane-${terminal.id}`;
}
