import type { RequestHandler } from "express";
import { Problem } from "../errors.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { IdentitySessions } from "../sessions/identity-sessions.ts";
import type { ListedSession, SessionList } from "../sessions/session-list.ts";
import { sessionOf } from "./session-context.ts";

export type SessionManagementDeps = {
  readonly browser: BrowserSessions;
  readonly identitySessions: IdentitySessions;
  readonly list: SessionList;
  readonly audit: AuditLog;
};

const toJson = (session: ListedSession) => ({
  id: session.id,
  kind: session.kind,
  current: session.current,
  auth_method: session.authMethod,
  aal: session.aal,
  user_agent: session.place.userAgent,
  ip: session.place.ip,
  created_at: session.createdAt.toISOString(),
  last_seen_at: session.lastSeenAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
});

/** GET /api/auth/sessions */
export function listSessions({ list }: SessionManagementDeps): RequestHandler {
  return async (_request, response) => {
    response.json({ sessions: (await list(sessionOf(response))).map(toJson) });
  };
}

/** DELETE /api/auth/sessions: the way to shut others out without being shut out. */
export function endOtherSessions({ browser, audit }: SessionManagementDeps): RequestHandler {
  return async (request, response) => {
    const session = sessionOf(response);
    const revoked = await browser.endOthers(request, session);
    const { id } = session.identity;
    audit({ event: "sessions.revoked", identityId: id, detail: { actor: id, scope: "others", revoked } });
    response.json({ revoked });
  };
}

/** DELETE /api/auth/sessions/{id}: one of this browser's own is a sign-out, which takes the cookie along. */
export function endOneSession({ browser, identitySessions, audit }: SessionManagementDeps): RequestHandler {
  return async (request, response) => {
    const { identity, passkey, password } = sessionOf(response);
    const id = String(request.params.id);
    const own = [passkey, password].find((session) => session?.id === id);
    if (own) await browser.end(request, response, own.kind);
    const kind = own?.kind ?? (await identitySessions.endOneOf(identity.id, id));
    if (!kind) throw new Problem("not_found");
    const detail = { actor: identity.id, kind, session_id: id };
    audit({ event: "session.revoked", identityId: identity.id, detail });
    response.status(204).end();
  };
}
