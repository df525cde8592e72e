import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ListedSession, Passkey, RecoveryCodeState, Session } from "@passbridge/client";
import type { StaticFiles } from "../../dashboard/server/static-files.ts";
import { listedSession, newCodes, passkey, settingsFlow, signedIn, TOO_SHORT } from "./account-bodies.ts";
import { problem, Refusal } from "./account-refusal.ts";
import { sessions } from "./account-sessions.ts";
import { kratosLogin, passkeyLogin } from "./account-step-up.ts";
import { providerIcon } from "./provider-icons.ts";

const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

export type Part = "session" | "sessions" | "passkeys" | "recovery-codes" | "kratos" | "logout";

/** The gateway and Kratos as the account page meets them, in memory; tests set what they know and refuse. */
export type AccountBackend = {
  readonly origin: string;
  session: Session;
  passkeys: Passkey[];
  max: number;
  /** Whether the sign-in is recent, for the gateway. */
  privileged: boolean;
  /** Whether the sign-in is recent, for Kratos. */
  kratosFresh: boolean;
  /** Parts that answer 503. */
  readonly away: Set<Part>;
  lastMethod: boolean;
  codes: RecoveryCodeState;
  /** In every browser, as the list has them. */
  sessions: ListedSession[];
  /** Passwords that were saved, and by which flow. */
  readonly saved: Array<{ readonly flow: string; readonly password: string }>;
  readonly calls: string[];
  /** What was asked of each sign-out. */
  readonly logouts: unknown[];
  /** Where passkeys were wanted, as far as the page said. */
  readonly hints: unknown[];
  /** What the account's password is. */
  password: string;
  readonly close: () => Promise<void>;
};

export type Call = { readonly method: string; readonly url: URL; readonly body: Record<string, unknown> };
export type Reply = { readonly status: number; readonly body?: unknown };

function kratos(backend: AccountBackend, call: Call): Reply {
  const { method, url, body } = call;
  const flow = url.searchParams.get("flow") ?? url.searchParams.get("id") ?? randomUUID();
  if (url.pathname.includes("/login")) return kratosLogin(backend, call);
  const isSignedIn = backend.session.authenticated && backend.session.sessions.password !== null;
  if (url.pathname.includes("/recovery")) {
    if (flow !== "reset-flow" || body.code !== "123456") return { status: 400, body: {} };
    backend.session = signedIn({
      sessions: { passkey: null, password: { id: "k1", expires_at: "2099-01-01T00:00:00Z" } },
    });
    backend.kratosFresh = true;
    return { status: 422, body: { redirect_browser_to: `${backend.origin}/account?flow=after-recovery` } };
  }
  if (!isSignedIn) return { status: 401, body: { error: { id: "session_inactive", code: 401 } } };
  if (flow === "expired") return { status: 410, body: { error: { id: "self_service_flow_expired" } } };
  if (method === "GET") return { status: 200, body: settingsFlow(flow) };
  if (!backend.kratosFresh) return { status: 403, body: { error: { id: "session_refresh_required" } } };
  const password = String(body.password);
  if (password.length < 8) return { status: 400, body: settingsFlow(flow, [TOO_SHORT]) };
  backend.saved.push({ flow, password });
  return { status: 200, body: settingsFlow(flow, [], "success") };
}

function registration(backend: AccountBackend, { url, body }: Call): Reply {
  if (!backend.privileged) throw problem(403, "reauthentication_required");
  const base64url = (text: string) => Buffer.from(text).toString("base64url");
  if (url.pathname.endsWith("/start")) {
    backend.hints.push(body.hint ?? null);
    const options = {
      rp: { id: "localhost", name: "Passbridge" },
      user: { id: base64url("handle"), name: "ada@example.com", displayName: "Ada" },
      challenge: base64url(randomUUID()),
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      excludeCredentials: backend.passkeys.map(({ id }) => ({ type: "public-key", id })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    };
    return { status: 200, body: { ceremony_id: "c1", options } };
  }
  const { id } = body.credential as { id: string };
  const made = passkey({ id, ...(typeof body.name === "string" ? { name: body.name } : {}) });
  backend.passkeys.push(made);
  return { status: 201, body: { passkey: made } };
}

function onePasskey(backend: AccountBackend, { method, url, body }: Call): Reply {
  const found = backend.passkeys.find(({ id }) => url.pathname.endsWith(`/${id}`));
  if (!found) throw problem(404, "not_found");
  if (method === "PATCH") {
    const renamed = { ...found, name: String(body.name) };
    backend.passkeys = backend.passkeys.map((one) => (one === found ? renamed : one));
    return { status: 200, body: { passkey: renamed } };
  }
  if (!backend.privileged) throw problem(403, "reauthentication_required");
  if (backend.lastMethod) throw problem(409, "last_sign_in_method");
  backend.passkeys = backend.passkeys.filter((one) => one !== found);
  return { status: 204 };
}

function passkeys(backend: AccountBackend, call: Call): Reply {
  const { pathname } = call.url;
  if (backend.away.has("passkeys")) throw problem(503, "dependency_unavailable");
  if (!backend.session.authenticated) throw problem(401, "unauthenticated");
  if (pathname.startsWith("/api/passkeys/login/")) return passkeyLogin(backend, call);
  if (pathname.startsWith("/api/passkeys/register/")) return registration(backend, call);
  if (pathname !== "/api/passkeys") return onePasskey(backend, call);
  const user_handle = Buffer.from("handle").toString("base64url");
  return { status: 200, body: { passkeys: backend.passkeys, max: backend.max, user_handle, rp_id: "localhost" } };
}

function recoveryCodes(backend: AccountBackend, { method }: Call): Reply {
  if (backend.away.has("recovery-codes")) throw problem(503, "dependency_unavailable");
  if (method === "GET") return { status: 200, body: backend.codes };
  if (!backend.privileged) throw problem(403, "reauthentication_required");
  backend.codes = { remaining: 10, created_at: "2026-03-04T12:00:00Z" };
  return { status: 201, body: { codes: newCodes() } };
}

function answer(backend: AccountBackend, call: Call): Reply {
  const { pathname } = call.url;
  const part = (name: Part) => {
    if (backend.away.has(name)) throw problem(503, "dependency_unavailable");
  };
  if (pathname.startsWith("/api/passkeys")) return passkeys(backend, call);
  if (pathname === "/api/recovery-codes") return recoveryCodes(backend, call);
  // Too many are open, so the page polls.
  if (pathname === "/api/auth/events") throw problem(429, "rate_limited");
  if (pathname === "/api/auth/session") {
    part("session");
    return { status: 200, body: backend.session };
  }
  if (pathname === "/api/auth/logout") {
    part("logout");
    backend.logouts.push(call.body);
    backend.session = { authenticated: false };
    return { status: 204 };
  }
  if (pathname.startsWith("/api/auth/sessions")) return sessions(backend, call, part);
  if (pathname === "/api/auth/password-reset") {
    if (!backend.privileged) throw problem(403, "reauthentication_required");
    return { status: 200, body: { flow_id: "reset-flow", code: "123456", expires_at: "2099-01-01T00:00:00Z" } };
  }
  part("kratos");
  return kratos(backend, call);
}

async function toCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "/", "http://localhost");
  return {
    method: request.method ?? "GET",
    url,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

async function handle(backend: AccountBackend, files: StaticFiles, request: IncomingMessage, response: ServerResponse) {
  const call = await toCall(request);
  const { pathname } = call.url;
  const json = (status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body && JSON.stringify(body));
  if (pathname === "/.passbridge/config.json") return json(200, { rp_name: "Passbridge", brand_name: "Passbridge" });
  const icon = providerIcon(pathname);
  if (icon) return response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(icon);
  if (!/^\/(api|\.ory)\//.test(pathname)) {
    const file = files.get(pathname.replace(/^\/passbridge/, "")) ?? files.get("/");
    return response.writeHead(200, { "Content-Type": file?.type, "Content-Security-Policy": POLICY }).end(file?.body);
  }
  backend.calls.push(`${call.method} ${pathname}`);
  try {
    const { status, body } = answer(backend, call);
    return json(status, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return json(error.status, error.body, error.status === 503 ? { "Retry-After": "1" } : {});
  }
}

/** Starts the backend with the built pages. */
export async function startAccountBackend(files: StaticFiles): Promise<AccountBackend> {
  const server = createServer((request, response) => void handle(backend, files, request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const backend: AccountBackend = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    session: signedIn(),
    passkeys: [],
    max: 20,
    privileged: true,
    kratosFresh: true,
    away: new Set(),
    lastMethod: false,
    codes: { remaining: 0, created_at: null },
    sessions: [listedSession({ id: "s1", current: true })],
    saved: [],
    calls: [],
    logouts: [],
    hints: [],
    password: "the old password",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return backend;
}
