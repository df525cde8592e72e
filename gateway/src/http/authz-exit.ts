import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "../errors.ts";
import type { OriginalRequest } from "../policy/original-request.ts";
import { whenThere } from "../soon.ts";
import type { IdentityTokens } from "../upstream/identity-token.ts";
import { EXT_AUTHZ_PATH, type ReadClaim, readAuthRequest, readExtAuthz, readForwardAuth } from "./authz-claims.ts";
import { answerOwnPath, answerPass } from "./authz-pass.ts";
import type { ExitAnswer } from "./exit-answer.ts";
import type { AskExit, Exit } from "./exits.ts";
import { type HandshakeOrigins, refuseForeignHandshake } from "./handshake-origin.ts";
import type { OriginalRequests } from "./original-requests.ts";
import { AUTHZ_PATH, isBelow, OWN_PATHS } from "./own-paths.ts";
import { isPageLoad } from "./page-load.ts";
import { type Head, redirectTo } from "./plain-answers.ts";
import type { Trust } from "./trusted-proxies.ts";

export type AuthzDeps = HandshakeOrigins & {
  readonly trusted: Trust;
  readonly originals: OriginalRequests;
  readonly ask: AskExit;
  readonly tokens: IdentityTokens;
  /** Of every answer. */
  readonly head: Head;
};

const AUTH_REQUEST_PATH = `${AUTHZ_PATH}/auth-request`;
const FORWARD_AUTH_PATH = `${AUTHZ_PATH}/forward-auth`;

type Refusal = Exclude<ExitAnswer, { kind: "pass" }>;
type Refuse = (response: ServerResponse, original: OriginalRequest, answer: Refusal, deps: AuthzDeps) => void;

/** Whole, because the proxies in front would take a path for one on the address they asked. */
const whole = (location: string, publicUrl: URL) => new URL(location, publicUrl).href;

/** As the proxy of this gateway answers. */
const refuse: Refuse = (response, original, answer, { publicUrl, head }) => {
  if (answer.kind === "refuse") throw answer.problem;
  redirectTo(response, original.method, whole(answer.location, publicUrl), head);
};

/**
 * nginx understands 401 and 403 alone, and passes no body on. So it is told in headers what to answer: where to sign in,
 * the status that sends a page load there (none for other requests), and the code of the problem.
 */
const refuseToNginx: Refuse = (response, { method }, { kind, location, problem }, { publicUrl }) => {
  const redirected = kind === "redirect";
  const refusal = redirected ? new Problem("unauthenticated", { members: problem.members }) : problem;
  if (refusal.status === 401 && location !== null) response.setHeader("Location", whole(location, publicUrl));
  if (redirected) response.setHeader("X-Passbridge-Redirect", method === "GET" || method === "HEAD" ? "302" : "303");
  response.setHeader("X-Passbridge-Problem", problem.code);
  throw refusal;
};

/** A WebSocket's handshake (RFC 6455, section 4.1); of its headers most proxies leave out Upgrade when they ask. */
function isHandshake({ headers }: IncomingMessage, method: string): boolean {
  const named = headers.upgrade?.toLowerCase() === "websocket" || headers["sec-websocket-key"] !== undefined;
  return method === "GET" && named;
}

function readOriginal(deps: AuthzDeps, read: ReadClaim, request: IncomingMessage) {
  const told = read(request);
  const handshake = isHandshake(request, told.method);
  const original = deps.originals.claimed({ ...told, pageLoad: !handshake && isPageLoad(request) });
  if (handshake) refuseForeignHandshake(deps, request.headers.origin, original);
  // A proxy that does not keep these to itself must not pass them on as anybody's.
  if (isBelow(original.path, [AUTHZ_PATH])) throw new Problem("forbidden", { detail: "Only proxies ask here." });
  // As it was written, too: what is the gateway's own only after a decoding, a proxy may send to the application.
  const written = told.target.split("?", 1)[0] ?? "";
  const own = isBelow(written, OWN_PATHS) && isBelow(original.path, OWN_PATHS);
  return { original, own };
}

function createExit(deps: AuthzDeps, read: ReadClaim, answerRefusal: Refuse): Exit {
  return (request, response) => {
    const { original, own } = readOriginal(deps, read, request);
    if (own) return answerOwnPath(request, response, deps.head);
    return whenThere(deps.ask(request, response, original), (answer) => {
      if (answer.kind !== "pass") return answerRefusal(response, original, answer, deps);
      // TRACE would show the client the identity headers.
      if (original.method === "TRACE") throw new Problem("invalid_request", { detail: "TRACE is not supported." });
      return answerPass(request, response, answer.passage, deps);
    });
  };
}

/**
 * What other proxies ask about each request before they send it on (HTTP contract, Gateway). Any method asks; a body is
 * not read. Only TRUSTED_PROXIES may ask: the answer holds an identity token, and the question names whatever request.
 */
export function createAuthzExit(deps: AuthzDeps): Exit {
  const authRequest = createExit(deps, readAuthRequest, refuseToNginx);
  const forwardAuth = createExit(deps, readForwardAuth, refuse);
  const extAuthz = createExit(deps, readExtAuthz, refuse);
  const exitAt = (path: string) => {
    if (path === AUTH_REQUEST_PATH) return authRequest;
    if (path === FORWARD_AUTH_PATH) return forwardAuth;
    return isBelow(path, [EXT_AUTHZ_PATH]) ? extAuthz : null;
  };
  return (request, response) => {
    if (!deps.trusted(request.socket.remoteAddress ?? ""))
      throw new Problem("forbidden", { detail: "Only a proxy that TRUSTED_PROXIES names may ask here." });
    const exit = exitAt((request.url ?? "").split("?", 1)[0] ?? "");
    if (!exit) throw new Problem("not_found");
    return exit(request, response);
  };
}
