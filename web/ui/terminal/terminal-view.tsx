import { type ReadonlySignal, effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Terminal, TerminalState } from "../../session/terminal.ts";
import "./terminal-view.css";
import { type ScreenListener, XtermScreen } from "./xterm-screen.ts";

/** What a terminal says by itself. */
export interface TerminalStrings {
  readonly label: (number: number) => string;
  readonly exited: (code: number) => string;
  readonly killed: (signal: number) => string;
  readonly lost: string;
  readonly pressEnter: string;
  readonly dead: string;
}

/** How a terminal looks. */
export interface TerminalLook {
  readonly theme: ReadonlySignal<"light" | "dark">;
  /** CSS pixels. */
  readonly fontSize: ReadonlySignal<number>;
  readonly screenReader: ReadonlySignal<boolean>;
}

export interface TerminalViewProps {
  readonly terminal: Terminal;
  readonly look: TerminalLook;
  readonly strings: ReadonlySignal<TerminalStrings>;
  /** Whether it can be used: one that cannot is there, but hidden. */
  readonly ready: ReadonlySignal<boolean>;
  /** The person leaves the terminal with the keyboard. */
  readonly onLeave: () => void;
}

/** A terminal that fills the room it is given. */
export function TerminalView(props: TerminalViewProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const screen = useRef<XtermScreen>(undefined);
  const { terminal, strings } = props;
  const ready = props.ready.value;
  const wanted = terminal.wantsFocus.value;
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    screen.current = new XtermScreen(element.current, strings.peek().label(terminal.id), listenerOf(props));
    return connect(screen.current, props);
  }, [terminal]);
  useLayoutEffect(() => {
    if (ready && nothingHasFocus()) screen.current?.focus();
  }, [ready]);
  useLayoutEffect(() => {
    if (!ready || !wanted) return;
    terminal.wantsFocus.value = false;
    screen.current?.focus();
  }, [ready, wanted]);
  return (
    <section class="terminal-view" aria-label={strings.value.label(terminal.id)} data-ready={ready}>
      <div class="terminal-screen" ref={element} />
    </section>
  );
}

function listenerOf({ terminal, onLeave }: TerminalViewProps): ScreenListener {
  return {
    typed: text => terminal.input(text),
    reported: bytes => terminal.inputBytes(bytes),
    resized: size => terminal.resize(size),
    left: onLeave,
  };
}

/** Joins a terminal and its screen; returns what parts them. */
function connect(screen: XtermScreen, { terminal, look, strings }: TerminalViewProps): () => void {
  const effects = [
    effect(() => {
      screen.theme = look.theme.value;
    }),
    effect(() => {
      screen.fontSize = look.fontSize.value;
    }),
    effect(() => {
      screen.screenReader = look.screenReader.value;
    }),
    effect(() => {
      const text = epitaph(terminal.state.value, strings.peek());
      if (text !== undefined) screen.note(text);
    }),
  ];
  terminal.show(screen, screen.size);
  return () => {
    for (const stop of effects) stop();
    terminal.close();
    screen.dispose();
  };
}

/** What there is to say about a shell that is over. */
function epitaph(state: TerminalState, strings: TerminalStrings): string | undefined {
  if (state.name === "dead") return strings.dead;
  if (state.name !== "ended") return undefined;
  const { end } = state;
  if (end.how === "exit") return `${strings.exited(end.code)} ${strings.pressEnter}`;
  const why = end.how === "signal" ? strings.killed(end.signal) : `${strings.lost} (${end.reason})`;
  return `${why} ${strings.pressEnter}`;
}

function nothingHasFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
