import type { Request, RequestHandler, Response } from "express";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { asOutage, Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { AccessCheck } from "../passkeys/access-check.ts";
import { ADMIN_ROLE } from "../policy/admin-role.ts";
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

const REAUTHENTICATE = "/login?reauthenticate=1";

/** Where people do what is missing before they are let on. */
const MISSING = {
  session: "/login",
  add: "/register/passkey-offer?required=1",
  use: REAUTHENTICATE,
} as const;

/** Sends a page load to a page that comes back to it afterwards. */
function sendTo(request: Request, response: Response, page: string, publicUrl: URL): void {
  const status = request.method === "GET" || request.method === "HEAD" ? 302 : 303;
  const returnTo = encodeURIComponent(safeReturnTo(request.originalUrl, publicUrl) ?? "/");
  const location = `${page}${page.includes("?") ? "&" : "?"}return_to=${returnTo}`;
  response.set("Cache-Control", "no-store").redirect(status, location);
}

/**
 * Lets people on whom the decision allows; sessionOf(response) is theirs. Others: a page load goes to the page where
 * they sign in, or add or use the passkey that is required, and comes back; anything else is refused with 401, or 403.
 */
export function createRequireSession(resolve: RequestResolver, decide: AccessCheck, publicUrl: URL): RequestHandler {
  return async (request, response, next) => {
    const decision = await decide(await resolve(request, response), { pageLoad: isPageLoad(request) });
    if (decision.kind === "undecided") throw asOutage(decision.cause);
    if (decision.kind === "allow") {
      setSession(response, decision.session);
      return next();
    }
    const page = MISSING[decision.kind === "passkey" ? decision.duty : "session"];
    if (decision.by === "redirect") return sendTo(request, response, page, publicUrl);
    if (decision.kind === "authenticate") throw new Problem("unauthenticated");
    throw new Problem("passkey_required", { members: { login_url: new URL(page, publicUrl).href } });
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
  const loginUrl = new URL(REAUTHENTICATE, config.publicUrl).href;
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

/** Lets only those on who typed their password recently. */
export const createRecentPasswordGuard = (config: Config, clock: Clock) =>
  createRecencyGuard(config, clock, ({ password }) =>
    password?.methods.includes("password") ? password.authenticatedAt : null,
  );

/**
 * Lets only those on who used a passkey recently: the Kratos session that a reset code makes is new, too, and must not
 * be good for the next code; and a recovery code, which somebody may have found, opens no way past the old password.
 */
export const createRecentPasskeyGuard = (config: Config, clock: Clock) =>
  createRecencyGuard(config, clock, ({ passkey }) =>
    passkey?.methods.includes("passkey") ? passkey.authenticatedAt : null,
  );

/**
 * Behind the signed-in guard: lets administrators on who signed in with two factors. The role is asked of Kratos each
 * time: one that was taken away is gone at once, and does not come back while Kratos is away.
 */
export function createAdminGuard(config: Config, kratos: Pick<KratosClient, "findIdentity">): RequestHandler {
  const loginUrl = new URL(REAUTHENTICATE, config.publicUrl).href;
  return async (_request, response, next) => {
    const { aal, identity } = sessionOf(response);
    const found = await kratos.findIdentity(identity.id);
    if (!found?.active || !found.identity.roles.includes(ADMIN_ROLE)) throw new Problem("forbidden");
    if (aal !== "aal2") throw new Problem("aal2_required", { members: { login_url: loginUrl } });
    next();
  };
}
