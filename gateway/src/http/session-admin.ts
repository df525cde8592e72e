import { type RequestHandler, Router } from "express";
import type { Adapters } from "../adapters.ts";
import type { IdentitySessions } from "../sessions/identity-sessions.ts";
import { personInPath } from "./person-in-path.ts";
import { sessionOf } from "./session-context.ts";

export type SessionAdminDeps = Pick<Adapters, "kratos" | "audit"> & {
  readonly identitySessions: IdentitySessions;
  /** What an administrator's request passes, in this order. */
  readonly admin: readonly RequestHandler[];
};

/** DELETE /api/admin/users/{user}/sessions: both kinds, in every browser, the administrator's own included. */
function endSessionsOfUser({ kratos, audit, identitySessions }: SessionAdminDeps): RequestHandler {
  return async (request, response) => {
    const { id } = await personInPath(kratos, request);
    const revoked = await identitySessions.endAllOf(id);
    const actor = sessionOf(response).identity.id;
    audit({ event: "sessions.revoked", identityId: id, detail: { actor, scope: "all", revoked } });
    response.json({ revoked });
  };
}

/** What administrators do with one person's sessions: the routes under /api/admin/users. */
export function createSessionAdminRoutes(deps: SessionAdminDeps): Router {
  const router = Router();
  router.delete("/:user/sessions", ...deps.admin, endSessionsOfUser(deps));
  return router;
}
