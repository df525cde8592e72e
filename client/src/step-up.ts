/** A problem document of the gateway's (RFC 9457), or an ApiError made of one. */
export type Refused = {
  readonly login_url?: unknown;
  readonly members?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * Where a person does what an answer of 401 or 403 says is missing: signs in, signs in once more, uses or adds a
 * passkey, confirms their address. It comes back to `returnTo`.
 * @param problem the document of an answer the gateway refused, or an ApiError.
 * @param returnTo where to come back to, absolute or relative to the page; the page itself by default.
 * @returns null where nothing can be done about it, as with `forbidden`.
 */
export function stepUpUrl(problem: Refused, returnTo: string = location.href): string | null {
  const page = problem.login_url ?? problem.members?.login_url;
  const base = globalThis.location?.href;
  const url = typeof page === "string" ? URL.parse(page, base) : null;
  const back = URL.parse(returnTo, base ?? url?.href);
  if (!url || !back || !/^https?:$/.test(url.protocol)) return null;
  const path = back.pathname + back.search + back.hash;
  url.searchParams.set("return_to", back.origin === url.origin ? path : back.href);
  return url.href;
}
