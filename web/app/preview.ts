import { failurePage } from "../session/preview/failure.ts";
import {
  PREVIEW_SITE,
  type PreviewSite,
  frameSources,
  parsePreviewSite,
} from "../session/preview/preview-site.ts";
import { Preview } from "../session/preview/preview.ts";
import { takeSlot } from "../session/preview/slot.ts";
import type { Session } from "../session/session.ts";
import type { Settings } from "../ui/settings.ts";
import { stringsOf } from "../ui/strings/catalogue.ts";
import { toHex } from "../protocol/text.ts";

/** Previews for this page, of the session's machine. */
export function makePreview(session: Session, settings: Settings): Preview {
  return new Preview({
    open: request => session.openStream(request),
    containers: session.containers.rows,
    explain: (failure, port) => {
      const strings = stringsOf(settings.language.value).preview;
      return failurePage(strings.failures[failure](port), strings.tryAgain);
    },
    site: once(fetchSite),
    slot: once(() => takeSlot(navigator.locks)),
    window,
    origin: location.origin,
    nonce: () => toHex(crypto.getRandomValues(new Uint8Array(16))),
    later: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

/** Where previews may run; from then on the page's policy allows frames from there alone. */
async function fetchSite(): Promise<PreviewSite> {
  const site = parsePreviewSite(await fetchJson(new URL(PREVIEW_SITE, document.baseURI)));
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `frame-src ${frameSources(site).join(" ") || "'none'"}`;
  document.head.append(policy);
  return site;
}

/** A site without the file has no origin for previews; neither has one that has gone. */
async function fetchJson(url: URL): Promise<unknown> {
  try {
    const response = await fetch(url, { cache: "no-cache" });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function once<T>(get: () => Promise<T>): () => Promise<T> {
  let got: Promise<T> | undefined;
  return () => (got ??= get());
}
