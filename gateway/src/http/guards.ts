import type { Request, RequestHandler, Response } from "express";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { asOutage, Problem } from "../errors.ts";
import { decideAccess } from "../policy/access.ts";
import { safeReturnTo } from "../policy/return-to.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
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
    if (resolution.kind === "undecided") throw asOutage(resolution.cause);
    if (resolution.kind === "authenticated" && resolution.superseded) {
      await browser.endSuperseded(request, response, resolution.superseded.kind);
    }
    return resolution;
  };
}

function sendToLogin(request: Request, response: Response, publicUrl: URL): void {
  const status = request.method === "GET" || request.method === "HEAD" ? 302 : 303;
  const returnTo = encodeURIComponent(safeReturnTo(request.originalUrl, publicUrl) ?? "/");
  response.set("Cache-Control", "no-store").redirect(status, `/login?return_to=${returnTo}`);
}

/**
 * Lets people with either session on; sessionOf(response) is theirs. Others: a page load goes to the sign-in page
 * and comes back, anything else is refused with 401.
 */
export function createRequireSession(resolve: RequestResolver, publicUrl: URL): RequestHandler {
  return async (request, response, next) => {
    const decision = decideAccess(await resolve(request, response), { pageLoad: isPageLoad(request) });
    if (decision.kind === "allow") {
      setSession(response, decision.session);
      return next();
    }
    if (decision.kind === "authenticate" && decision.by === "redirect")
      return sendToLogin(request, response, publicUrl);
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

/** Behind the signed-in guard: lets only those on of whose session `since` is recent (privilegedMaxAge). */
function createRecencyGuard(
  config: Config,
  clock: Clock,
  since: (session: UnifiedSession) => Date | null,
): RequestHandler {
  const loginUrl = new URL("/login?reauthenticate=1", config.publicUrl).href;
  return (_request, response, next) => {
    const then = since(sessionOf(response));
    if (!then || clock().getTime() - then.getTime() > config.session.privilegedMaxAge) {
      throw new Problem("reauthentication_required", { members: { login_url: loginUrl } });
    }
    next();
  };
}

/** Lets only those on who signed in recently, in whatever way. */
export const createPrivilegedGuard = (config: Config, clock: Clock) =>
  createRecencyGuard(config, clock, ({ authenticatedAt }) => authenticatedAt);

/**
 * Lets only those on who used a passkey recently: the Kratos session that a reset code makes is new, too, and must not
 * be good for the next code.
 */
export const createRecentPasskeyGuard = (config: Config, clock: Clock) =>
  createRecencyGuard(config, clock, ({ passkey }) => passkey?.authenticatedAt ?? null);
