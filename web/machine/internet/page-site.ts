import { encodeText } from "../../protocol/text.ts";
import { plain } from "./http-connection.ts";
import type { Site, SiteResponse } from "./site.ts";

/** A host with one page, at `/`. `body` is HTML; the title is text. */
export function pageSite(title: string, body: string): Site {
  const page: SiteResponse = {
    status: 200,
    headers: [["Content-Type", "text/html; charset=utf-8"]],
    body: encodeText(htmlPage(title, body)),
  };
  return async ({ method, path }) => {
    if (method !== "GET" && method !== "HEAD") return plain(405, "This host only has a page to read.\n");
    return path === "/" ? page : plain(404, `This host has no ${path}.\n`);
  };
}

function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
