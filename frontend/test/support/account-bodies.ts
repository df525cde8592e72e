import { randomUUID } from "node:crypto";
import type { AuthenticatedSession, ListedSession, Passkey } from "@passbridge/client";

/** The session of a person who signed in with a passkey. */
export const signedIn = (changes: Partial<AuthenticatedSession> = {}): AuthenticatedSession => ({
  authenticated: true,
  auth_method: "passkey",
  methods: ["passkey"],
  aal: "aal2",
  amr: ["swk", "user", "mfa"],
  authenticated_at: "2026-01-01T00:00:00Z",
  expires_at: "2099-01-01T00:00:00Z",
  identity: {
    id: "6d3c3f0e-6b7e-4f0c-9a57-0d1d2b0a3f11",
    email: "ada@example.com",
    email_verified: true,
    name: "Ada",
    roles: [],
    traits: {},
  },
  sessions: { passkey: { id: "s1", expires_at: "2099-01-01T00:00:00Z" }, password: null },
  passkeys: { count: 1, prompt: false, enforcement: "off" },
  ...changes,
});

/** A passkey of the contract's shape. */
export const passkey = (changes: Partial<Passkey> = {}): Passkey => ({
  id: randomUUID().replaceAll("-", ""),
  name: "Passkey",
  aaguid: "00000000-0000-0000-0000-000000000000",
  provider: null,
  device_type: "multi_device",
  backed_up: true,
  transports: ["internal"],
  algorithm: -7,
  attestation: "none",
  created_at: "2026-01-05T10:00:00Z",
  last_used_at: null,
  last_used_from: null,
  ...changes,
});

/** A session of the list's shape. */
export const listedSession = (changes: Partial<ListedSession> = {}): ListedSession => ({
  id: randomUUID(),
  kind: "passkey",
  current: false,
  auth_method: "passkey",
  aal: "aal2",
  user_agent: null,
  ip: null,
  created_at: "2026-03-01T10:00:00Z",
  last_seen_at: "2026-03-02T18:30:00Z",
  expires_at: "2099-01-01T00:00:00Z",
  ...changes,
});

/** A set of recovery codes. */
export const newCodes = () => Array.from({ length: 10 }, (_, place) => `k7fm${place}-9xqpd`);

/** Kratos' complaint about a password. */
export const TOO_SHORT = { id: 4000032, text: "too short", type: "error", context: { min_length: 8 } };

/** A Kratos settings flow with a password field. */
export function settingsFlow(id: string, messages: unknown[] = [], state = "show_form") {
  const attributes = { name: "password", type: "password", node_type: "input", disabled: false };
  const nodes = [{ type: "input", group: "password", attributes, messages, meta: {} }];
  return { id, state, type: "browser", ui: { action: "", method: "POST", nodes, messages: [] } };
}
