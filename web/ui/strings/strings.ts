import type { BootStep } from "../../session/boot-progress.ts";
import type { ProblemKind } from "../../session/problem.ts";
import type { PreviewFailure } from "../../session/preview/failure.ts";
import type { SessionState } from "../../session/session.ts";

/** The languages that the page speaks. */
export type Language = "en" | "zh";

/** What went wrong, in a few words, and what to do about it. */
export interface ProblemText {
  readonly title: string;
  readonly advice: string;
}

/** Everything that the page says, once for each language. Plain text; numbers come formatted. */
export interface Strings {
  /** The language's own name for itself. */
  readonly languageName: string;
  readonly skipToTerminal: string;
  readonly machine: string;
  readonly state: Readonly<Record<SessionState, string>>;
  readonly notAnswering: string;
  readonly boot: {
    readonly title: string;
    readonly steps: Readonly<Record<BootStep, string>>;
    readonly bytes: (loaded: string, total: string) => string;
    readonly hint: string;
    readonly stepDone: string;
    readonly stepActive: string;
  };
  readonly problems: Readonly<Record<ProblemKind, ProblemText>>;
  readonly offline: string;
  readonly silent: ProblemText;
  readonly technicalDetails: string;
  readonly tryAgain: string;
  readonly reloadPage: string;
  readonly restartMachine: string;
  readonly reset: {
    readonly button: string;
    readonly title: string;
    readonly question: string;
    readonly confirm: string;
    readonly cancel: string;
  };
  readonly settings: {
    readonly title: string;
    readonly theme: string;
    readonly themes: Readonly<Record<"system" | "light" | "dark", string>>;
    readonly toDark: string;
    readonly toLight: string;
    readonly language: string;
    readonly fontSize: string;
    readonly smaller: string;
    readonly larger: string;
    readonly screenReader: string;
    readonly screenReaderHint: string;
    readonly keys: string;
    readonly keyList: readonly (readonly [keys: string, meaning: string])[];
    readonly close: string;
  };
  readonly terminal: {
    readonly label: (number: number) => string;
    readonly exited: (code: number) => string;
    readonly killed: (signal: number) => string;
    readonly lost: string;
    readonly pressEnter: string;
    readonly dead: string;
  };
  readonly preview: {
    readonly title: string;
    readonly openPort: (port: number, container: string) => string;
    readonly noPorts: string;
    readonly otherPort: string;
    readonly open: string;
    readonly path: string;
    readonly reload: string;
    readonly newTab: string;
    readonly close: string;
    readonly connecting: string;
    readonly pageOf: (port: number) => string;
    readonly reduced: string;
    readonly tryAgain: string;
    readonly failures: Readonly<Record<PreviewFailure, (port: number) => ProblemText>>;
  };
}
