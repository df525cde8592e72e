import { asOutage, Problem, type ProblemCode } from "../errors.ts";
import type { Step } from "../policy/access.ts";
import { hostName, type OriginalRequest, originOf } from "../policy/original-request.ts";
import { safeReturnTo } from "../policy/return-to.ts";
import type { RouteRule } from "../policy/route-rule.ts";
import type { RouteDecision } from "../routes/route-decision.ts";
import type { UnifiedSession } from "../sessions/session.ts";

/** A request that may pass, and what is known of it. */
export type Passage = {
  readonly original: OriginalRequest;
  readonly rule: RouteRule;
  /** Null: nobody is signed in, and anyone may pass. */
  readonly session: UnifiedSession | null;
};

/** What an exit does with a request. Where people can do something about it, location says where and comes back. */
export type ExitAnswer =
  | { readonly kind: "pass"; readonly passage: Passage }
  | { readonly kind: "redirect"; readonly location: string; readonly problem: Problem }
  | { readonly kind: "refuse"; readonly location: string | null; readonly problem: Problem };

export type ExitAnswers = (original: OriginalRequest, decision: RouteDecision) => ExitAnswer;

const SIGN_IN = "/login";
const SIGN_IN_AGAIN = "/login?reauthenticate=1";

type Way = { readonly page: string; readonly code: ProblemCode };

const AUTHENTICATE: Way = { page: SIGN_IN, code: "unauthenticated" };

/** Where people do what is missing, and how other requests are refused meanwhile. */
const STEPS: Readonly<Record<Step, Way>> = {
  verify: { page: "/verify", code: "email_unverified" },
  "add-passkey": { page: "/register/passkey-offer?required=1", code: "passkey_required" },
  "use-passkey": { page: `${SIGN_IN_AGAIN}&need=passkey`, code: "passkey_required" },
  aal2: { page: `${SIGN_IN_AGAIN}&need=passkey`, code: "aal2_required" },
  "sign-in-again": { page: SIGN_IN_AGAIN, code: "reauthentication_required" },
};

/** The return_to that comes back to a request; a whole address where it was for another host. */
export function returnToOf({ host, path, query }: OriginalRequest, publicUrl: URL): string {
  // Encoded, which says the same: a return_to with a backslash would be refused as a trick.
  const to = `${path}${query.replaceAll("\\", "%5C")}`;
  if (host === publicUrl.host) return safeReturnTo(to, publicUrl) ?? "/";
  const other = originOf(publicUrl, { host });
  return safeReturnTo(other + to, publicUrl, (name) => name === hostName(host)) ?? `${other}/`;
}

/** The address of a page that comes back to the request afterwards; a whole one where the request was for another host. */
function pageFor(original: OriginalRequest, page: string, publicUrl: URL): string {
  const own = original.host === publicUrl.host;
  const back = returnToOf(original, publicUrl);
  const location = `${page}${page.includes("?") ? "&" : "?"}return_to=${encodeURIComponent(back)}`;
  return own ? location : new URL(location, publicUrl).href;
}

const withLoginUrl = (code: ProblemCode, page: string, publicUrl: URL) =>
  new Problem(code, { members: { login_url: new URL(page, publicUrl).href } });

/** Turns a decision into what every exit has to say. */
export function createExitAnswers(publicUrl: URL): ExitAnswers {
  return (original, decision) => {
    if (decision.kind === "allow")
      return { kind: "pass", passage: { original, rule: decision.rule, session: decision.session } };
    if (decision.kind === "undecided") return { kind: "refuse", location: null, problem: asOutage(decision.cause) };
    if (decision.kind === "forbid") return { kind: "refuse", location: null, problem: new Problem(decision.code) };
    const { page, code } = decision.kind === "authenticate" ? AUTHENTICATE : STEPS[decision.step];
    const problem = withLoginUrl(code, page, publicUrl);
    return {
      kind: decision.by === "redirect" ? "redirect" : "refuse",
      location: pageFor(original, page, publicUrl),
      problem,
    };
  };
}
