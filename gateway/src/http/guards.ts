import type { Request, RequestHandler, Response } from "express";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { OutageError, Problem } from "../errors.ts";
import { decideAccess } from "../policy/access.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { Resolution } from "../sessions/session.ts";
import type { ReadOptions, SessionResolver } from "../sessions/session-resolver.ts";
import { isPageLoad } from "./page-load.ts";
import { sessionOf, setSession } from "./session-context.ts";

/** Who a request is from, decided; a session that lost this browser is ended in the same response. Throws OutageError. */
export type RequestResolver = (
  request: Request,
  response: Response,
  options?: ReadOptions,
) => Promise<Exclude<Resolution, { kind: "undecided" }>>;

export function createRequestResolver(resolve: SessionResolver, browser: BrowserSessions): RequestResolver {
  return async (request, response, options) => {
    const resolution = await resolve(request, options);
    if (resolution.kind === "undecided") {
      throw resolution.cause instanceof OutageError ? resolution.cause : new OutageError("kratos", resolution.cause);
    }
    if (resolution.kind === "authenticated" && resolution.superseded) {
      await browser.endSuperseded(request, response, resolution.superseded.kind);
    }
    return resolution;
  };
}

function sendToLogin(request: Request, response: Response): void {
  const status = request.method === "GET" || request.method === "HEAD" ? 302 : 303;
  const returnTo = encodeURIComponent(request.originalUrl);
  response.set("Cache-Control", "no-store").redirect(status, `/login?return_to=${returnTo}`);
}

/**
 * Lets people with either session on; sessionOf(response) is theirs. Others: a page load goes to the sign-in page
 * and comes back, anything else is refused with 401.
 */
export function createRequireSession(resolve: RequestResolver): RequestHandler {
  return async (request, response, next) => {
    const decision = decideAccess(await resolve(request, response), { pageLoad: isPageLoad(request) });
    if (decision.kind === "allow") {
      setSession(response, decision.session);
      return next();
    }
    if (decision.kind === "authenticate" && decision.by === "redirect") return sendToLogin(request, response);
    throw new Problem("unauthenticated");
  };
}

/** The same for the gateway's own API, which answers 401 to page loads as well. */
export function createSignedInGuard(resolve: RequestResolver): RequestHandler {
  return async (request, response, next) => {
    const resolution = await resolve(request, response);
    if (resolution.kind === "anonymous") throw new Problem("unauthenticated");
    setSession(response, resolution.session);
    next();
  };
}

/** Behind the signed-in guard: lets only those on who signed in recently (privilegedMaxAge). */
export function createPrivilegedGuard(config: Config, clock: Clock): RequestHandler {
  const loginUrl = new URL("/login?reauthenticate=1", config.publicUrl).href;
  return (_request, response, next) => {
    const age = clock().getTime() - sessionOf(response).authenticatedAt.getTime();
    if (age > config.session.privilegedMaxAge) {
      throw new Problem("reauthentication_required", { members: { login_url: loginUrl } });
    }
    next();
  };
}
