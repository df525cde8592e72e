import type { IncomingMessage, ServerResponse } from "node:http";
import { type Soon, whenThere } from "../soon.ts";
import { isIdentityHeader } from "../upstream/client-headers.ts";
import { IDENTITY_HEADERS, identityHeaders } from "../upstream/identity-headers.ts";
import type { IdentityTokens } from "../upstream/identity-token.ts";
import { judgedOnce } from "../upstream/judged-names.ts";
import { filterCookieHeader, isUpstreamCookie } from "../upstream/session-cookies.ts";
import type { Passage } from "./exit-answer.ts";
import { answerEmpty, type Head } from "./plain-answers.ts";

const isIdentity = judgedOnce(isIdentityHeader);
const all = () => true;

/** The names in a list of names and values in turn, of those that are asked for. */
function namesIn(headers: readonly string[], isAskedFor: (name: string) => boolean): string[] {
  const names: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (isAskedFor(name)) names.push(name);
  }
  return names;
}

/**
 * Names Envoy is to take off the request: the identity headers that are not answered, the client's own copies in any
 * spelling, and the Cookie of which nothing is left. Envoy removes after it sets, so none that is answered is among them.
 */
function toRemove(sent: readonly string[], answered: readonly string[]): string {
  const names = [...IDENTITY_HEADERS, ...sent, "Cookie"].map((name) => name.toLowerCase());
  const kept = new Set(answered.map((name) => name.toLowerCase()));
  return [...new Set(names)].filter((name) => !kept.has(name)).join(",");
}

/** Where the client sent none, as most do, it depends on what is answered alone, of which there are a few kinds. */
const withoutSent = judgedOnce((answered) => toRemove([], answered.split(" ")));

/** What a proxy needs to know of a request that may pass; a header that is not named is to be taken off. */
function pass(request: IncomingMessage, response: ServerResponse, head: Head, told: readonly string[]): void {
  const sent = namesIn(request.rawHeaders, isIdentity);
  const answered = namesIn(told, all);
  const removed = sent.length === 0 ? withoutSent(answered.join(" ")) : toRemove(sent, answered);
  answerEmpty(response, 200, [...head, ...told, "X-Envoy-Auth-Headers-To-Remove", removed]);
}

/**
 * Answers that a request may pass, with what the upstream is to be told: the identity headers of the HTTP contract, and
 * under `Cookie` what is left of the client's without the session cookies.
 */
export function answerPass(
  request: IncomingMessage,
  response: ServerResponse,
  { rule, session }: Passage,
  { tokens, head }: { readonly tokens: IdentityTokens; readonly head: Head },
): Soon<void> {
  const cookie = filterCookieHeader(request.headers.cookie ?? "", isUpstreamCookie);
  const told = cookie ? ["Cookie", cookie] : [];
  if (!session) return pass(request, response, head, told);
  return whenThere(tokens.tokenFor(session, rule.audience ?? undefined), (token) =>
    pass(request, response, head, [...identityHeaders(session, token), ...told]),
  );
}

/**
 * Answers for a path of the gateway's own, which a proxy sends here: it may pass, as nobody's, with the cookies as they
 * are, because the gateway reads them there.
 */
export function answerOwnPath(request: IncomingMessage, response: ServerResponse, head: Head): void {
  const { cookie } = request.headers;
  pass(request, response, head, cookie ? ["Cookie", cookie] : []);
}
