import type { IncomingHttpHeaders } from "node:http";

function acceptsHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  return accept.split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return type === "text/html" && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/**
 * Whether a person's browser is loading a page: `Sec-Fetch-Mode: navigate` (Fetch Metadata), or, where the browser
 * does not send that header, `text/html` in Accept.
 */
export function isPageLoad(request: { readonly headers: IncomingHttpHeaders }): boolean {
  const mode = request.headers["sec-fetch-mode"];
  return mode === undefined ? acceptsHtml(request.headers.accept) : mode === "navigate";
}
