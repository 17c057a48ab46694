import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ShownPort } from "../../session/preview/preview.ts";
import { reducedPage } from "../../session/preview/reduced-page.ts";
import { usePlayground, useStrings } from "../context.ts";

/** A page as a picture of itself, where there is no other origin on which it could run. */
export function ReducedPage({ shown: { port, path } }: { readonly shown: ShownPort }): JSX.Element {
  const { preview } = usePlayground();
  const strings = useStrings().preview;
  const [html, setHtml] = useState<string>();
  const count = preview.reloads.value;
  useEffect(() => {
    const end = new AbortController();
    void reducedPage(preview.serverOf(port), path, end.signal).then(page => {
      if (!end.signal.aborted) setHtml(page);
    });
    return () => end.abort();
  }, [port, path, count]);
  return (
    <div class="preview-page">
      <p class="preview-note">{strings.reduced}</p>
      {html === undefined ? <p role="status">{strings.connecting}</p> : null}
      {html === undefined ? null : (
        <iframe srcdoc={html} title={strings.pageOf(port)} sandbox="" data-state="reduced" />
      )}
    </div>
  );
}
