import type { JSX, TargetedSubmitEvent } from "preact";
import type { ShownPort } from "../../session/preview/preview.ts";
import { usePlayground, useStrings } from "../context.ts";
import { CloseIcon, NewTabIcon, ReloadIcon } from "../icons.tsx";
import { PortChoice } from "./port-choice.tsx";
import "./preview-panel.css";
import { ReducedPage } from "./reduced-page.tsx";

/**
 * What a page of the guest may do in its frame, which has an origin of its own: all but move the playground itself, or
 * open windows that could.
 */
const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads allow-pointer-lock";

/** A published port beside the terminals. */
export function PreviewPanel(): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  const shown = preview.shown.value;
  return (
    <section class="preview" aria-label={strings.title}>
      {shown === undefined ? <Empty /> : <Shown key={shown.port} shown={shown} />}
    </section>
  );
}

function Empty(): JSX.Element {
  return (
    <>
      <div class="preview-bar preview-bar-empty">
        <CloseButton />
      </div>
      <PortChoice />
    </>
  );
}

function Shown({ shown }: { readonly shown: ShownPort }): JSX.Element {
  return (
    <>
      <Bar shown={shown} />
      {shown.state === "reduced" ? <ReducedPage shown={shown} /> : <LiveFrame shown={shown} />}
    </>
  );
}

function Bar({ shown }: { readonly shown: ShownPort }): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  const go = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const path = new FormData(event.currentTarget).get("path");
    if (typeof path === "string") preview.go(path.trim());
  };
  const openTab = (): void => preview.openTab(url => window.open(url) ?? undefined);
  return (
    <div class="preview-bar">
      <IconButton label={strings.reload} onClick={() => preview.reload()}>
        <ReloadIcon />
      </IconButton>
      <form class="preview-address" onSubmit={go}>
        <span>localhost:{shown.port}</span>
        <input
          key={shown.path}
          name="path"
          aria-label={strings.path}
          defaultValue={shown.path}
          spellcheck={false}
          autocomplete="off"
        />
      </form>
      {shown.state === "live" ? (
        <IconButton label={strings.newTab} onClick={openTab}>
          <NewTabIcon />
        </IconButton>
      ) : null}
      <CloseButton />
    </div>
  );
}

function CloseButton(): JSX.Element {
  const { preview } = usePlayground();
  return (
    <IconButton label={useStrings().preview.close} onClick={() => preview.close()}>
      <CloseIcon />
    </IconButton>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: JSX.Element;
}

function IconButton({ label, onClick, children }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function LiveFrame({ shown: { port, state, url } }: { readonly shown: ShownPort }): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  const expect = (frame: HTMLIFrameElement | null): void => {
    if (frame?.contentWindow) preview.expect(frame.contentWindow);
  };
  return (
    <div class="preview-page">
      {state === "connecting" ? <p role="status">{strings.connecting}</p> : null}
      {url === undefined ? null : (
        <iframe
          key={url}
          ref={expect}
          src={url}
          title={strings.pageOf(port)}
          sandbox={SANDBOX}
          referrerpolicy="no-referrer"
          data-state={state}
          onLoad={() => preview.loaded()}
        />
      )}
    </div>
  );
}
