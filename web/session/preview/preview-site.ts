import { isRecord } from "./request-check.ts";

/** `preview.json` beside the page: where previews are shown. */
export interface PreviewSite {
  /**
   * Origins that serve dist/preview at their root, the best first. `{name}` stands for a host name's label: a wildcard
   * host gives each port an origin, and so cookies and storage, of its own.
   */
  readonly origins: readonly string[];
}

/** Where the file lies, relative to the page. */
export const PREVIEW_SITE = "preview.json";

/** Reads `preview.json`: what makes no sense in it counts as no origin. */
export function parsePreviewSite(data: unknown): PreviewSite {
  const origins: unknown = isRecord(data) ? data["origins"] : undefined;
  if (!Array.isArray(origins)) return { origins: [] };
  return { origins: origins.filter((origin): origin is string => typeof origin === "string") };
}

/** What a port's preview is called; `slot` tells this playground from others in the same browser. */
export function previewName(port: number, slot: number): string {
  return `${port}-${slot}`;
}

/**
 * The origins that may show the preview called `name`, the best first. `own` is the playground's origin, on which no
 * preview must ever run.
 */
export function previewOrigins(site: PreviewSite, name: string, own: string): string[] {
  return site.origins
    .map(template => originOf(template.replace("{name}", name)))
    .filter((origin): origin is string => origin !== undefined && origin !== own);
}

/** What a page's policy must allow as frames for previews, as sources of a Content-Security-Policy. */
export function frameSources(site: PreviewSite): string[] {
  return site.origins
    .map(template => originOf(template.replace("{name}", "name"))?.replace("://name.", "://*."))
    .filter(source => source !== undefined);
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, pathname } = new URL(url);
  return /^https?:$/.test(protocol) && pathname === "/" ? origin : undefined;
}
