import type { PasskeySummary } from "../passkeys/passkey-summary.ts";
import type { SourceSession, UnifiedSession } from "../sessions/session.ts";

const reference = (session: SourceSession | null) =>
  session && { id: session.id, expires_at: session.expiresAt.toISOString() };

/** The unified session as the contract answers it; makes the body of GET /api/auth/session. */
export type SessionBody = (session: UnifiedSession) => Promise<object>;

export function createSessionBody(summary: PasskeySummary): SessionBody {
  return async (session) => ({
    authenticated: true,
    auth_method: session.authMethod,
    methods: session.methods,
    aal: session.aal,
    amr: session.amr,
    authenticated_at: session.authenticatedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    identity: {
      id: session.identity.id,
      email: session.identity.email,
      email_verified: session.identity.emailVerified,
      name: session.identity.name,
      roles: session.identity.roles,
      traits: session.identity.traits,
    },
    sessions: { passkey: reference(session.passkey), password: reference(session.password) },
    passkeys: { count: await summary.count(session.identity.id), prompt: false, enforcement: "off" },
  });
}
