import type { Identity, SourceSession, UnifiedSession } from "../../src/sessions/session.ts";

const identity: Identity = {
  id: "6f1c2a3e-0000-4000-8000-000000000001",
  email: "ada@example.com",
  emailVerified: true,
  name: "Ada Lovelace",
  roles: ["admin", "staff"],
  traits: {},
};

/** A passkey session that began now and lives for an hour, unless told otherwise. */
export function unifiedSession(
  changes: Partial<Omit<UnifiedSession, "identity">> & { identity?: Partial<Identity>; now?: Date } = {},
): UnifiedSession {
  const { now = new Date(), identity: identityChanges, ...rest } = changes;
  const person = { ...identity, ...identityChanges };
  const expiresAt = new Date(now.getTime() + 3_600_000);
  const passkey: SourceSession = {
    kind: "passkey",
    id: "passkey-session",
    methods: ["passkey"],
    aal: "aal2",
    amr: ["swk", "user", "mfa"],
    authenticatedAt: now,
    expiresAt,
    identity: person,
  };
  return {
    authMethod: "passkey",
    methods: ["passkey"],
    aal: "aal2",
    amr: passkey.amr,
    authenticatedAt: now,
    expiresAt,
    identity: person,
    passkey,
    password: null,
    ...rest,
  };
}
