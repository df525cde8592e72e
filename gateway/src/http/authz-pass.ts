import type { IncomingMessage, ServerResponse } from "node:http";
import { isIdentityHeader } from "../upstream/client-headers.ts";
import { IDENTITY_HEADERS, identityHeaders } from "../upstream/identity-headers.ts";
import type { IdentityTokens } from "../upstream/identity-token.ts";
import { filterCookieHeader, isUpstreamCookie } from "../upstream/session-cookies.ts";
import type { Passage } from "./exit-answer.ts";
import { answerEmpty, type Head } from "./plain-answers.ts";

/**
 * Names Envoy is to take off the request: the identity headers that are not answered, the client's own copies in any
 * spelling, and the Cookie of which nothing is left. Envoy removes after it sets, so none that is answered is among them.
 */
function toRemove(request: IncomingMessage, answered: ReadonlySet<string>): string {
  const sent = request.rawHeaders.filter((_, at) => at % 2 === 0).filter(isIdentityHeader);
  const names = [...IDENTITY_HEADERS, ...sent, "Cookie"].map((name) => name.toLowerCase());
  return [...new Set(names)].filter((name) => !answered.has(name)).join(",");
}

/** What a proxy needs to know of a request that may pass; a header that is not named is to be taken off. */
function pass(request: IncomingMessage, response: ServerResponse, head: Head, told: readonly string[]): void {
  const answered = new Set<string>();
  for (let at = 0; at < told.length; at += 2) answered.add((told[at] ?? "").toLowerCase());
  const removed = ["X-Envoy-Auth-Headers-To-Remove", toRemove(request, answered)];
  answerEmpty(response, 200, [...head, ...told, ...removed]);
}

/**
 * Answers that a request may pass, with what the upstream is to be told: the identity headers of the HTTP contract, and
 * under `Cookie` what is left of the client's without the session cookies.
 */
export async function answerPass(
  request: IncomingMessage,
  response: ServerResponse,
  { rule, session }: Passage,
  { tokens, head }: { readonly tokens: IdentityTokens; readonly head: Head },
): Promise<void> {
  const cookie = filterCookieHeader(request.headers.cookie ?? "", isUpstreamCookie);
  const identity = session ? identityHeaders(session, await tokens.tokenFor(session, rule.audience ?? undefined)) : [];
  pass(request, response, head, [...identity, ...(cookie ? ["Cookie", cookie] : [])]);
}

/**
 * Answers for a path of the gateway's own, which a proxy sends here: it may pass, as nobody's, with the cookies as they
 * are, because the gateway reads them there.
 */
export function answerOwnPath(request: IncomingMessage, response: ServerResponse, head: Head): void {
  const { cookie } = request.headers;
  pass(request, response, head, cookie ? ["Cookie", cookie] : []);
}
