import type { Clock } from "../clock.ts";
import type { Resolution } from "../sessions/session.ts";

/** Who asks, as an operator imagines them; null: nobody is signed in. */
export type Imagined = {
  readonly verified: boolean;
  readonly aal2: boolean;
  readonly passkey: boolean;
  readonly roles: readonly string[];
  /** Milliseconds since the sign-in. */
  readonly age: number;
} | null;

/** A session and nothing more. */
export const ANYONE_SIGNED_IN = { verified: false, aal2: false, passkey: false, roles: [], age: 0 } as const;

const LIFETIME = 3_600_000;

/** What the resolver would answer for them. */
export function imaginedResolution(person: Imagined, clock: Clock): Resolution {
  if (!person) return { kind: "anonymous" };
  const method = person.passkey ? "passkey" : "password";
  const now = clock().getTime();
  const session = {
    authMethod: method,
    methods: [method],
    aal: person.aal2 ? "aal2" : "aal1",
    amr: [],
    authenticatedAt: new Date(now - person.age),
    expiresAt: new Date(now + LIFETIME),
    identity: {
      id: "imagined",
      email: "imagined@example.com",
      emailVerified: person.verified,
      name: null,
      roles: person.roles,
      traits: {},
    },
    passkey: null,
    password: null,
  } as const;
  return { kind: "authenticated", session, superseded: null };
}
