import type { Aal, Resolution, SourceAnswer, SourceSession, UnifiedSession } from "./session.ts";

function later(a: Date, b: Date): Date {
  return a.getTime() >= b.getTime() ? a : b;
}

/** A single session of one source as the unified one. */
function unify(session: SourceSession): UnifiedSession {
  return {
    authMethod: session.methods.at(-1) ?? session.kind,
    methods: session.methods,
    aal: session.aal,
    amr: session.amr,
    authenticatedAt: session.authenticatedAt,
    expiresAt: session.expiresAt,
    identity: session.identity,
    passkey: session.kind === "passkey" ? session : null,
    password: session.kind === "password" ? session : null,
  };
}

const alone = new WeakMap<SourceSession, Resolution>();

/** The same object for the same session, which most requests of a person have: what is made of it can be kept with it. */
function resolveAlone(session: SourceSession): Resolution {
  const known = alone.get(session);
  if (known) return known;
  const resolution: Resolution = { kind: "authenticated", session: unify(session), superseded: null };
  alone.set(session, resolution);
  return resolution;
}

/**
 * The level of two sessions of one identity (NIST SP 800-63B): a passkey beside a password or code makes two factors;
 * a recovery code beside a password does not, as both are known and neither is held.
 */
function levelOf(passkey: SourceSession, password: SourceSession): Aal {
  const twoFactors = passkey.methods.includes("passkey");
  return twoFactors || [passkey, password].some(({ aal }) => aal === "aal2") ? "aal2" : "aal1";
}

/** Two sessions of one identity are one sign-in. */
function merge(passkey: SourceSession, password: SourceSession): UnifiedSession {
  const [older, newer] = passkey.authenticatedAt > password.authenticatedAt ? [password, passkey] : [passkey, password];
  const aal = levelOf(passkey, password);
  return {
    authMethod: newer.methods.at(-1) ?? newer.kind,
    methods: [...new Set([...older.methods, ...newer.methods])],
    aal,
    amr: [...new Set([...passkey.amr, ...password.amr, ...(aal === "aal2" ? ["mfa"] : [])])],
    authenticatedAt: newer.authenticatedAt,
    expiresAt: later(passkey.expiresAt, password.expiresAt),
    identity: password.identity,
    passkey,
    password,
  };
}

function decideBetween(passkey: SourceSession, password: SourceSession): Resolution {
  if (passkey.identity.id === password.identity.id) {
    return { kind: "authenticated", session: merge(passkey, password), superseded: null };
  }
  const [winner, superseded] =
    passkey.authenticatedAt >= password.authenticatedAt ? [passkey, password] : [password, passkey];
  return { kind: "authenticated", session: unify(winner), superseded };
}

/**
 * Makes one decision of what both sources answered. One valid session is enough; "none" beside
 * "could not ask" is undecided, never anonymous.
 */
export function combineSessions(passkey: SourceAnswer, password: SourceAnswer): Resolution {
  if (passkey.kind === "session" && password.kind === "session") {
    return decideBetween(passkey.session, password.session);
  }
  for (const answer of [passkey, password]) {
    if (answer.kind === "session") return resolveAlone(answer.session);
  }
  for (const answer of [passkey, password]) {
    if (answer.kind === "unavailable") return { kind: "undecided", cause: answer.cause };
  }
  return { kind: "anonymous" };
}
