import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Preview } from "../session/preview/preview.ts";
import type { Session } from "../session/session.ts";
import type { LessonDesk } from "./lesson/lesson-desk.ts";
import type { Settings } from "./settings.ts";
import { stringsOf } from "./strings/catalogue.ts";
import type { Strings } from "./strings/strings.ts";

/** What every part of the page may need. */
export interface Playground {
  readonly session: Session;
  readonly preview: Preview;
  readonly settings: Settings;
  readonly desk: LessonDesk;
}

const PlaygroundContext = createContext<Playground | undefined>(undefined);

export const PlaygroundProvider = PlaygroundContext.Provider;

export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === undefined) throw new Error("there is no PlaygroundProvider above");
  return playground;
}

/** The page's words in the language that is chosen now. */
export function useStrings(): Strings {
  return stringsOf(usePlayground().settings.language.value);
}
