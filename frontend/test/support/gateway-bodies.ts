import { randomBytes } from "node:crypto";

const random = () => randomBytes(32).toString("base64url");

/** A session object as the contract has it. */
export const session = (kind: "passkey" | "password" = "passkey", email = "ann@example.com") => ({
  authenticated: true,
  auth_method: kind,
  methods: [kind],
  aal: kind === "passkey" ? "aal2" : "aal1",
  amr: kind === "passkey" ? ["swk", "user", "mfa"] : ["pwd"],
  authenticated_at: "2026-01-01T00:00:00Z",
  expires_at: "2099-01-01T00:00:00Z",
  identity: { id: "6a2b", email, email_verified: true, name: null, roles: [], traits: { email } },
  sessions: {
    passkey: kind === "passkey" ? { id: "p", expires_at: "2099-01-01T00:00:00Z" } : null,
    password: kind === "password" ? { id: "k", expires_at: "2099-01-01T00:00:00Z" } : null,
  },
  passkeys: { count: 1, prompt: false, enforcement: "off" },
});

/** The session of somebody without a passkey, who is to be offered one. */
export const promptedSession = (enforcement: "off" | "prompt" | "required" = "prompt") => ({
  ...session("password"),
  passkeys: { count: 0, prompt: true, enforcement },
});

/** What login/start answers. */
export const loginCeremony = () => ({
  ceremony_id: random(),
  options: {
    challenge: random(),
    timeout: 300_000,
    rpId: "localhost",
    allowCredentials: [],
    userVerification: "required",
  },
});

/** What register/start answers. */
export const registrationCeremony = () => ({
  ceremony_id: random(),
  options: {
    challenge: random(),
    rp: { id: "localhost", name: "Passbridge" },
    user: { id: random(), name: "ann@example.com", displayName: "Ann" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    timeout: 300_000,
    excludeCredentials: [],
    attestation: "none",
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  },
});

/** One stored passkey. */
export const passkey = (id: string, name: string, lastUsed: string | null = null) => ({
  id,
  name,
  aaguid: "00000000-0000-0000-0000-000000000000",
  provider: null,
  device_type: "multi_device",
  backed_up: true,
  transports: ["internal"],
  algorithm: -7,
  attestation: "none",
  created_at: "2026-01-05T10:00:00Z",
  last_used_at: lastUsed,
  last_used_from: null,
});

/** A problem document. */
export const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { "Content-Type": "application/problem+json", ...headers },
  body: { type: "about:blank", title: code, status, detail: code, code, request_id: "req-1" },
});

export const SETTINGS = {
  rp_name: "Passbridge",
  brand_name: "Passbridge",
  texts: {},
  signup_steps: ["passkey", "verify"],
  code_sign_in: false,
  return_hosts: ["app.localhost"],
};
