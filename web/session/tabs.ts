import { type ReadonlySignal, type Signal, batch, computed, signal } from "@preact/signals";
import type { Terminal } from "./terminal.ts";

/** The share of a split tab's room that its first terminal has. */
export const SHARE = { least: 0.15, usual: 0.5, most: 0.85, step: 0.05 } as const;

/** One terminal, or two beside each other. */
export interface Tab {
  readonly id: number;
  /** What somebody has called it; undefined for its terminal's own name. */
  readonly name: Signal<string | undefined>;
  readonly terminals: ReadonlySignal<readonly Terminal[]>;
  /** The terminal of it that had the keyboard last. */
  readonly active: ReadonlySignal<Terminal>;
  /** See {@link SHARE}. */
  readonly share: ReadonlySignal<number>;
}

interface OpenTab extends Tab {
  readonly terminals: Signal<readonly Terminal[]>;
  readonly active: Signal<Terminal>;
  readonly share: Signal<number>;
}

/** What a new tab may begin with. */
export interface TabOptions {
  readonly name?: string;
  /** Typed at its first prompt. */
  readonly command?: string;
}

/** Makes a terminal on the machine that is there. */
export type MakeTerminal = (id: number, command: string | undefined) => Terminal;

/** The terminals as they are laid out. There is always one tab, and one that is looked at. */
export class Tabs {
  readonly terminals: ReadonlySignal<readonly Terminal[]>;
  readonly #make: MakeTerminal;
  readonly #all: Signal<readonly OpenTab[]>;
  readonly #current: Signal<OpenTab>;
  #lastId = 0;

  constructor(make: MakeTerminal) {
    this.#make = make;
    const first = this.#newTab({});
    this.#all = signal([first]);
    this.#current = signal(first);
    this.terminals = computed(() => this.#all.value.flatMap(tab => tab.terminals.value));
  }

  get all(): ReadonlySignal<readonly Tab[]> {
    return this.#all;
  }

  get current(): ReadonlySignal<Tab> {
    return this.#current;
  }

  /** Opens a tab behind the others, and turns to it. */
  open(options: TabOptions = {}): void {
    const tab = this.#newTab(options);
    batch(() => {
      this.#all.value = [...this.#all.value, tab];
      this.#turnTo(tab);
    });
  }

  /** Closes a tab with its shells; in place of the last one comes a new one. */
  close(tab: Tab): void {
    const index = this.#indexOf(tab);
    if (index < 0) return;
    batch(() => {
      const rest = this.#all.value.filter(other => other !== tab);
      if (rest.length === 0) rest.push(this.#newTab({}));
      this.#all.value = rest;
      const next = rest[Math.min(index, rest.length - 1)];
      if (this.#current.value === tab && next !== undefined) this.#turnTo(next);
    });
  }

  /** Turns to a tab; `focus` takes the keyboard along. */
  select(tab: Tab, focus = true): void {
    const found = this.#all.value[this.#indexOf(tab)];
    if (found === undefined) return;
    if (focus) this.#turnTo(found);
    else this.#current.value = found;
  }

  /** Turns to the tab at a place, counted from 0; none where there is none. */
  selectAt(index: number): void {
    const tab = this.#all.value[index];
    if (tab !== undefined) this.#turnTo(tab);
  }

  /** Puts a second terminal beside the one of the current tab. */
  split(): void {
    const tab = this.#current.value;
    if (tab.terminals.value.length > 1) return;
    const terminal = this.#newTerminal(undefined);
    batch(() => {
      tab.terminals.value = [...tab.terminals.value, terminal];
      this.#activate(tab, terminal);
    });
  }

  /** Closes one terminal; with the last one of a tab goes the tab. */
  closeTerminal(terminal: Terminal): void {
    const tab = this.#all.value.find(candidate => candidate.terminals.value.includes(terminal));
    const rest = tab?.terminals.value.filter(other => other !== terminal) ?? [];
    const [next] = rest;
    if (tab === undefined) return;
    if (next === undefined) this.close(tab);
    else {
      batch(() => {
        tab.terminals.value = rest;
        tab.share.value = SHARE.usual;
        this.#activate(tab, next);
      });
    }
  }

  /** The keyboard has come to a terminal. */
  focused(terminal: Terminal): void {
    const tab = this.#current.value;
    if (tab.terminals.value.includes(terminal)) tab.active.value = terminal;
  }

  /** Turns to the other terminal of a split tab. */
  selectOther(): void {
    const tab = this.#current.value;
    const other = tab.terminals.value.find(terminal => terminal !== tab.active.value);
    if (other !== undefined) this.#activate(tab, other);
  }

  /** Moves the divider of the current tab, within reason. */
  setShare(share: number): void {
    this.#current.value.share.value = Math.min(SHARE.most, Math.max(SHARE.least, share));
  }

  #indexOf(tab: Tab): number {
    return this.#all.value.findIndex(candidate => candidate === tab);
  }

  #turnTo(tab: OpenTab): void {
    batch(() => {
      this.#current.value = tab;
      this.#activate(tab, tab.active.value);
    });
  }

  #activate(tab: OpenTab, terminal: Terminal): void {
    tab.active.value = terminal;
    terminal.wantsFocus.value = true;
  }

  #newTab({ name, command }: TabOptions): OpenTab {
    const terminal = this.#newTerminal(command);
    return {
      id: terminal.id,
      name: signal(name),
      terminals: signal([terminal]),
      active: signal(terminal),
      share: signal(SHARE.usual),
    };
  }

  #newTerminal(command: string | undefined): Terminal {
    return this.#make(++this.#lastId, command);
  }
}
