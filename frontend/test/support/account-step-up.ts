import { randomUUID } from "node:crypto";
import type { AccountBackend, Call, Reply } from "./account-backend.ts";

const LATER = "2099-01-01T00:00:00Z";
const WRONG = { id: 4000006, text: "wrong", type: "error" };

/** Signs in again by a passkey: the sign-in is recent from then on, for the gateway. */
export function passkeyLogin(backend: AccountBackend, { url }: Call): Reply {
  if (url.pathname.endsWith("/start")) {
    const options = {
      challenge: Buffer.from(randomUUID()).toString("base64url"),
      rpId: "localhost",
      allowCredentials: [],
      userVerification: "required",
    };
    return { status: 200, body: { ceremony_id: "l1", options } };
  }
  backend.privileged = true;
  return { status: 200, body: backend.session };
}

function loginFlow(messages: unknown[] = []) {
  return { id: "login-flow", type: "browser", ui: { action: "", method: "POST", nodes: [], messages } };
}

/** Signs in again by the password: the sign-in is recent from then on, for both. */
export function kratosLogin(backend: AccountBackend, { method, body }: Call): Reply {
  const { session } = backend;
  if (method === "GET") return { status: 200, body: loginFlow() };
  const right = session.authenticated && body.identifier === session.identity.email;
  if (!right || body.password !== backend.password) return { status: 400, body: loginFlow([WRONG]) };
  backend.session = { ...session, sessions: { ...session.sessions, password: { id: "k1", expires_at: LATER } } };
  backend.kratosFresh = true;
  backend.privileged = true;
  return { status: 200, body: { session: {} } };
}
