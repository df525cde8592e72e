import type { IncomingMessage, ServerResponse } from "node:http";
import { isIdentityHeader } from "../upstream/client-headers.ts";
import { IDENTITY_HEADERS, identityHeaders } from "../upstream/identity-headers.ts";
import type { IdentityTokens } from "../upstream/identity-token.ts";
import { filterCookieHeader, isUpstreamCookie } from "../upstream/session-cookies.ts";
import type { Passage } from "./exit-answer.ts";
import { answerEmpty } from "./plain-answers.ts";

/**
 * Names Envoy is to take off the request: the identity headers that are not answered, the client's own copies in any
 * spelling, and the Cookie of which nothing is left. Envoy removes after it sets, so none that is answered is among them.
 */
function toRemove(request: IncomingMessage, answered: ReadonlySet<string>): string {
  const sent = request.rawHeaders.filter((_, at) => at % 2 === 0).filter(isIdentityHeader);
  const names = [...IDENTITY_HEADERS, ...sent, "Cookie"].map((name) => name.toLowerCase());
  return [...new Set(names)].filter((name) => !answered.has(name)).join(",");
}

/**
 * Answers that a request may pass, with what the upstream is to be told: the identity headers of the HTTP contract, and
 * under `Cookie` what is left of the client's without the session cookies. A header that is missing is to be taken off.
 */
export async function answerPass(
  request: IncomingMessage,
  response: ServerResponse,
  { rule, session }: Passage,
  tokens: IdentityTokens,
): Promise<void> {
  const cookie = filterCookieHeader(request.headers.cookie ?? "", isUpstreamCookie);
  const identity = session ? identityHeaders(session, await tokens.tokenFor(session, rule.audience ?? undefined)) : [];
  const headers = [...identity, ...(cookie ? ["Cookie", cookie] : [])];
  const answered = new Set<string>();
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    response.setHeader(name, headers[at + 1] ?? "");
    answered.add(name.toLowerCase());
  }
  response.setHeader("X-Envoy-Auth-Headers-To-Remove", toRemove(request, answered));
  answerEmpty(response, 200);
}

/**
 * Answers for a path of the gateway's own, which a proxy sends here: it may pass, as nobody's, with the cookies as they
 * are, because the gateway reads them there.
 */
export function answerOwnPath(request: IncomingMessage, response: ServerResponse): void {
  const { cookie } = request.headers;
  if (cookie) response.setHeader("Cookie", cookie);
  const answered = new Set(cookie ? ["cookie"] : []);
  response.setHeader("X-Envoy-Auth-Headers-To-Remove", toRemove(request, answered));
  answerEmpty(response, 200);
}
