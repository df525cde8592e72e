import type { AuthenticatedSession } from "../../src/client.ts";

/** A session object of the contract's shape, of a person who signed in with a passkey. */
export function authenticatedSession(email = "ada@example.com"): AuthenticatedSession {
  return {
    authenticated: true,
    auth_method: "passkey",
    methods: ["passkey"],
    aal: "aal2",
    amr: ["swk", "user", "mfa"],
    authenticated_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-02T00:00:00.000Z",
    identity: {
      id: "6d3c3f0e-6b7e-4f0c-9a57-0d1d2b0a3f11",
      email,
      email_verified: true,
      name: null,
      roles: [],
      traits: { email },
    },
    sessions: { passkey: { id: "s1", expires_at: "2026-01-02T00:00:00.000Z" }, password: null },
    passkeys: { count: 1, prompt: false, enforcement: "off" },
  };
}
