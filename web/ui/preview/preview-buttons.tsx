import type { JSX } from "preact";
import { usePlayground, useStrings } from "../context.ts";
import { GlobeIcon } from "../icons.tsx";

/** The published ports as buttons, and one that opens the panel for any other port. */
export function PreviewButtons(): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  return (
    <>
      {preview.ports.value.map(({ port, container }) => (
        <button
          key={port}
          type="button"
          class="button button-quiet"
          title={strings.openPort(port, container)}
          onClick={() => void preview.open(port)}
        >
          :{port}
        </button>
      ))}
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={strings.title}
        title={strings.title}
        onClick={() => preview.choose()}
      >
        <GlobeIcon />
      </button>
    </>
  );
}
