import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { asOutage, Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import { ADMIN_ROLE } from "../policy/admin-role.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import type { ReadOptions, SessionResolver } from "../sessions/session-resolver.ts";
import { type Soon, whenThere } from "../soon.ts";
import { sessionOf, setSession } from "./session-context.ts";

/** Who a request is from; a session that lost this browser is ended in the same response. */
export type BrowserResolver = (
  request: IncomingMessage,
  response: ServerResponse,
  options?: ReadOptions,
) => Soon<Resolution>;

export function createBrowserResolver(
  resolve: SessionResolver,
  browser: Pick<BrowserSessions, "endSuperseded">,
): BrowserResolver {
  return (request, response, options) =>
    whenThere(resolve(request, options), (resolution) => {
      if (resolution.kind !== "authenticated" || !resolution.superseded) return resolution;
      return browser.endSuperseded(request, response, resolution.superseded.kind).then(() => resolution);
    });
}

/** The same where an answer has to be had. Throws OutageError. */
export type RequestResolver = (
  ...request: Parameters<BrowserResolver>
) => Soon<Exclude<Resolution, { kind: "undecided" }>>;

export function createRequestResolver(resolve: BrowserResolver): RequestResolver {
  return (request, response, options) =>
    whenThere(resolve(request, response, options), (resolution) => {
      if (resolution.kind === "undecided") throw asOutage(resolution.cause);
      return resolution;
    });
}

const REAUTHENTICATE = "/login?reauthenticate=1";

/** For the gateway's own API, which answers 401 to page loads as well. */
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
