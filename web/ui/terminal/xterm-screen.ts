import { FitAddon } from "@xterm/addon-fit";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal as Xterm } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { TerminalScreen, TerminalSize } from "../../session/terminal.ts";
import { type Shortcut, shortcut } from "./shortcuts.ts";
import { TERMINAL_THEMES } from "./themes.ts";

/** Who gets what a person does at a screen. */
export interface ScreenListener {
  typed(text: string): void;
  /** A program that follows the mouse gets reports that are no text. */
  reported(bytes: Uint8Array): void;
  resized(size: TerminalSize): void;
  /** The person wants to leave with the keyboard. */
  left(): void;
}

/** Of the font: lines that are easier to tell apart, close enough for drawn boxes. */
const LINE_HEIGHT = 1.15;
/** Lines that can be scrolled back to. */
const SCROLLBACK = 5000;
/** Milliseconds without a change of size before the shell is told of it: each one redraws its line. */
const RESIZE_PAUSE = 80;
const FONTS =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace';

/** Switches off what a program may have left on: mouse reports, bracketed paste, colours, a hidden cursor. */
const BACK_TO_NORMAL = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[!p\x1b[?25h";
const LEAVE_FULL_SCREEN = "\x1b[?1049l";
const GREY = "\x1b[90m";
const PLAIN = "\x1b[0m";

/** A terminal on the page, by xterm.js. */
export class XtermScreen implements TerminalScreen {
  readonly #xterm: Xterm;
  readonly #fit = new FitAddon();
  readonly #listener: ScreenListener;
  readonly #observer: ResizeObserver;
  #resizeTimer: ReturnType<typeof setTimeout> | undefined;

  /** Fills `element`, which must be in the page. `label` is what it is called to those who cannot see it. */
  constructor(element: HTMLElement, label: string, listener: ScreenListener) {
    this.#listener = listener;
    this.#xterm = new Xterm({
      cursorBlink: true,
      drawBoldTextInBrightColors: false,
      cursorInactiveStyle: "outline",
      fontFamily: FONTS,
      lineHeight: LINE_HEIGHT,
      linkHandler: { activate: (_event, uri) => openLink(uri) },
      macOptionClickForcesSelection: true,
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
    });
    this.#xterm.loadAddon(this.#fit);
    this.#xterm.loadAddon(new WebLinksAddon((_event, uri) => openLink(uri)));
    this.#xterm.attachCustomKeyEventHandler(event => this.#takeKey(event));
    this.#xterm.onData(text => listener.typed(text));
    this.#xterm.onBinary(text => listener.reported(Uint8Array.from(text, char => char.charCodeAt(0))));
    this.#xterm.onResize(({ rows, cols }) => listener.resized({ rows, columns: cols }));
    this.#xterm.open(element);
    this.#xterm.textarea?.setAttribute("aria-label", label);
    this.#observer = new ResizeObserver(() => this.#fitSoon());
    this.#observer.observe(element);
  }

  get size(): TerminalSize {
    return { rows: this.#xterm.rows, columns: this.#xterm.cols };
  }

  write(bytes: Uint8Array, shown: () => void): void {
    this.#xterm.write(bytes, shown);
  }

  clear(): void {
    this.#xterm.reset();
  }

  /** Says something that does not come from the machine, below what it has said. */
  note(text: string): void {
    // Where the cursor is can only be told when everything before is shown.
    this.#xterm.write(BACK_TO_NORMAL, () => {
      const { active } = this.#xterm.buffer;
      const start = active.type === "alternate" ? LEAVE_FULL_SCREEN : active.cursorX > 0 ? "\r\n" : "";
      this.#xterm.write(`${start}${GREY}${text}${PLAIN}\r\n`);
    });
  }

  focus(): void {
    this.#xterm.focus();
  }

  set theme(theme: "light" | "dark") {
    this.#xterm.options.theme = TERMINAL_THEMES[theme];
  }

  /** CSS pixels. */
  set fontSize(size: number) {
    this.#xterm.options.fontSize = size;
    this.fit();
  }

  set screenReader(on: boolean) {
    this.#xterm.options.screenReaderMode = on;
  }

  /** Takes as many rows and columns as there is room for. */
  fit(): void {
    this.#fit.fit();
  }

  dispose(): void {
    clearTimeout(this.#resizeTimer);
    this.#observer.disconnect();
    this.#xterm.dispose();
  }

  #fitSoon(): void {
    clearTimeout(this.#resizeTimer);
    this.#resizeTimer = setTimeout(() => this.fit(), RESIZE_PAUSE);
  }

  /** False keeps a key from the shell. */
  #takeKey(event: KeyboardEvent): boolean {
    const meaning = shortcut(event, this.#xterm.hasSelection());
    if (meaning === undefined) return true;
    if (event.type === "keydown") this.#obey(meaning, event);
    return false;
  }

  #obey(meaning: Shortcut, event: KeyboardEvent): void {
    if (meaning === "paste" || meaning === "page") return; // the browser pastes, the page's own keys are its own
    event.preventDefault();
    if (meaning === "leave") {
      this.#listener.left();
      return;
    }
    // Unlike the Clipboard API this works on sites without TLS too: xterm.js puts its selection into the event.
    document.execCommand("copy");
    this.#xterm.clearSelection();
  }
}

function openLink(uri: string): void {
  window.open(uri, "_blank", "noopener,noreferrer");
}
