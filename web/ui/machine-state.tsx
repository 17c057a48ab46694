import type { JSX } from "preact";
import { usePlayground, useStrings } from "./context.ts";
import "./machine-state.css";

/** How the machine is, for eyes and for ears. */
export function MachineState(): JSX.Element {
  const { session } = usePlayground();
  const strings = useStrings();
  const state = session.state.value;
  const silent = session.silent.value;
  return (
    <p class="machine-state" data-state={silent ? "silent" : state} role="status">
      <span class="visually-hidden">{strings.machine}: </span>
      {silent ? strings.notAnswering : strings.state[state]}
    </p>
  );
}
