import type { BootStep } from "../../session/boot-progress.ts";
import type { ContainerStatus } from "../../session/engine/container-row.ts";
import type { ContainerAction } from "../../session/engine/containers.ts";
import type { ProblemKind } from "../../session/problem.ts";
import type { PreviewFailure } from "../../session/preview/failure.ts";
import type { SaveProblemKind } from "../../session/saves.ts";
import type { SessionState } from "../../session/session.ts";

/** The languages that the page speaks. */
export type Language = "en" | "zh";

/** What went wrong, in a few words, and what to do about it. */
export interface ProblemText {
  readonly title: string;
  readonly advice: string;
}

/** The bar of the terminals' tabs. */
export interface TabStrings {
  readonly label: string;
  readonly open: string;
  readonly close: (name: string) => string;
  readonly rename: (name: string) => string;
  readonly renameHint: string;
  readonly split: string;
  readonly closeHalf: string;
  readonly divider: string;
}

/** The strip of containers. */
export interface ContainerStrings {
  readonly title: string;
  readonly count: (running: number, all: number) => string;
  readonly hide: string;
  readonly show: string;
  /** What to type where there is none: the words around the command. */
  readonly emptyBefore: string;
  readonly emptyAfter: string;
  readonly connecting: string;
  readonly lost: string;
  readonly status: Readonly<Record<ContainerStatus, string>>;
  readonly exited: (code: number) => string;
  readonly busy: Readonly<Record<ContainerAction, string>>;
  readonly actions: Readonly<Record<ContainerAction | "logs" | "shell", string>>;
  /** What a button does, for those who do not see which row it is in. */
  readonly actionOn: (action: string, name: string) => string;
  readonly port: (port: number, containerPort: number, name: string) => string;
  readonly failed: (name: string) => string;
  readonly dismiss: string;
  readonly removeTitle: (name: string) => string;
  readonly removeQuestion: string;
  readonly removeConfirm: string;
  readonly cancel: string;
}

/** The machine that is kept in the browser. */
export interface SaveStrings {
  readonly title: string;
  readonly button: string;
  readonly saving: string;
  readonly savedAt: (time: string) => string;
  readonly failed: string;
  readonly explanation: string;
  readonly none: string;
  readonly time: string;
  readonly size: string;
  readonly megabytes: (size: string) => string;
  readonly save: string;
  readonly download: string;
  readonly open: string;
  readonly openTitle: string;
  readonly openQuestion: string;
  readonly openConfirm: string;
  readonly cancel: string;
  readonly close: string;
  readonly problems: Readonly<Record<SaveProblemKind, string>>;
  readonly restored: (time: string) => string;
  readonly dismiss: string;
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
    /** Of a saved machine: title, step and hint. */
    readonly savedTitle: string;
    readonly savedRead: string;
    readonly savedHint: (time: string, size: string) => string;
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
  readonly restartSaved: string;
  readonly startAfresh: string;
  readonly reset: {
    readonly button: string;
    readonly title: string;
    readonly question: string;
    readonly confirm: string;
    readonly cancel: string;
  };
  readonly lesson: {
    readonly button: string;
    readonly minutes: (minutes: number) => string;
    readonly run: string;
    readonly close: string;
    readonly failed: string;
    readonly tryAgain: string;
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
  readonly tabs: TabStrings;
  readonly containers: ContainerStrings;
  readonly saves: SaveStrings;
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
