import { signalName } from "../../base/signals.ts";
import { type Completer, Directive } from "./completer.ts";

const LAST = 31;

/** The names of signals, as `docker kill -s` takes them. */
export const signalNames: Completer = () => ({
  words: Array.from({ length: LAST }, (_, index) => signalName(index + 1) ?? "").toSorted(),
  directive: Directive.noFiles,
});
