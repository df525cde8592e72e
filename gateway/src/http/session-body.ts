import type { Adapters } from "../adapters.ts";
import { isPrompted } from "../policy/passkey-duty.ts";
import type { SourceSession, UnifiedSession } from "../sessions/session.ts";
import { type Soon, whenBoth, whenThere } from "../soon.ts";

const reference = (session: SourceSession | null) =>
  session && { id: session.id, expires_at: session.expiresAt.toISOString() };

/**
 * The unified session as the contract answers it; makes the body of GET /api/auth/session. The same object for the same
 * session as long as nothing else changes.
 */
export type SessionBody = (session: UnifiedSession) => Soon<object>;

type SessionBodyDeps = Pick<Adapters, "passkeySummary" | "policy" | "clock">;

/** With the database away: what was last known, and nobody is asked anything of whom nothing is. */
const passkeysOf = ({ passkeySummary, policy, clock }: SessionBodyDeps, { identity }: UnifiedSession) =>
  whenBoth(passkeySummary.of(identity.id), policy(), (person, { enforcement }) => {
    const prompt = person !== null && isPrompted(enforcement, person, clock());
    return { count: person?.count ?? null, prompt, enforcement };
  });

type Passkeys = Awaited<ReturnType<typeof passkeysOf>>;

const toBody = (session: UnifiedSession, passkeys: Passkeys) => ({
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
  passkeys,
});

const isSame = (one: Passkeys, other: Passkeys) =>
  one.count === other.count && one.prompt === other.prompt && one.enforcement === other.enforcement;

export function createSessionBody(deps: SessionBodyDeps): SessionBody {
  const made = new WeakMap<UnifiedSession, ReturnType<typeof toBody>>();
  return (session) =>
    whenThere(passkeysOf(deps, session), (passkeys) => {
      const known = made.get(session);
      if (known && isSame(known.passkeys, passkeys)) return known;
      const body = toBody(session, passkeys);
      made.set(session, body);
      return body;
    });
}
