import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { RequestResolver } from "./guards.ts";
import { readBody } from "./request-body.ts";
import { endOneSession, endOtherSessions, listSessions, type SessionManagementDeps } from "./session-management.ts";

export type SessionRouteDeps = SessionManagementDeps & {
  readonly resolve: RequestResolver;
  readonly signedIn: RequestHandler;
  /** Of GET events. */
  readonly events: RequestHandler;
  /** Guards and handler of POST password-reset. */
  readonly passwordReset: readonly RequestHandler[];
};

const logoutRequest = z.strictObject({ everywhere: z.boolean().optional() });

/** Ends both kinds; what can be ended is ended even when the other part is away, and then the answer is 503. */
function logout({ resolve, browser, identitySessions, audit }: SessionRouteDeps): RequestHandler {
  return async (request, response) => {
    const { everywhere } = readBody(logoutRequest, request.body);
    if (everywhere) {
      const resolution = await resolve(request, response, { activity: false });
      if (resolution.kind === "authenticated") {
        const { id } = resolution.session.identity;
        const revoked = await identitySessions.endAllOf(id);
        audit({ event: "sessions.revoked", identityId: id, detail: { actor: id, scope: "all", revoked } });
      }
    }
    const ended = await Promise.allSettled([
      browser.end(request, response, "passkey"),
      browser.end(request, response, "password"),
    ]);
    const failed = ended.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    response.status(204).end();
  };
}

/** The routes under /api/auth, but for the session check (front-door.ts). */
export function createSessionRoutes(deps: SessionRouteDeps): Router {
  const router = Router();
  router.get("/events", deps.events);
  router.post("/logout", logout(deps));
  router.get("/sessions", deps.signedIn, listSessions(deps));
  router.delete("/sessions", deps.signedIn, endOtherSessions(deps));
  router.delete("/sessions/:id", deps.signedIn, endOneSession(deps));
  router.post("/password-reset", ...deps.passwordReset);
  return router;
}
