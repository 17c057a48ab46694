import type { JSX, TargetedSubmitEvent } from "preact";
import { usePlayground, useStrings } from "../context.ts";

/** Lets a person choose what to preview: a published port, or any that a program in the machine listens on. */
export function PortChoice(): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  const open = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const port = Number(new FormData(event.currentTarget).get("port"));
    void preview.open(port);
  };
  return (
    <div class="preview-choice">
      <h2>{strings.title}</h2>
      {preview.ports.value.length === 0 ? <p>{strings.noPorts}</p> : null}
      {preview.ports.value.map(({ port, container }) => (
        <button key={port} type="button" class="button" onClick={() => void preview.open(port)}>
          {strings.openPort(port, container)}
        </button>
      ))}
      <form onSubmit={open}>
        <label>
          {strings.otherPort}
          <input name="port" type="number" min={1} max={65535} required />
        </label>
        <button type="submit" class="button">
          {strings.open}
        </button>
      </form>
    </div>
  );
}
