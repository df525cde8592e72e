import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent } from "undici";
import { IDENTITY_HEADERS } from "../../src/upstream/identity-headers.ts";
import type { ExitPeople } from "./exit-people.ts";
import type { ExitRequest } from "./exit-requests.ts";
import { type RecordingUpstream, TEST_ID } from "./recording-upstream.ts";

/** What an exit makes of a request, in words that all exits share. */
export type Verdict = {
  /** 200: it may pass. */
  readonly status: number;
  /** A whole address, where a page load is sent. */
  readonly location: string | null;
  /** Of the problem document, where there is one. */
  readonly code: string | null;
  /** What the upstream is told of the person, the token as its claims. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly cookie: string | null;
};

const HANDSHAKE = { "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
const agent = new Agent({ connections: 32, pipelining: 1 });

export const closeExitConnections = () => agent.close();

/** The claims without those that differ with each token. */
function claimsOf(token: string): unknown {
  const { iat, nbf, exp, jti, ...claims } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return claims;
}

function identityIn(headers: IncomingHttpHeaders): Verdict["identity"] {
  const told = IDENTITY_HEADERS.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, name === "X-Identity-Token" ? claimsOf(String(value)) : value]];
  });
  return Object.fromEntries(told);
}

function codeOf(headers: IncomingHttpHeaders, body: string): string | null {
  if (!headers["content-type"]?.startsWith("application/problem+json") || body === "") return null;
  return (JSON.parse(body) as { code: string }).code;
}

function cookieHeader({ state, appCookie }: ExitRequest, people: ExitPeople): Record<string, string> {
  const own = appCookie === "none" ? "" : "app=1";
  const parts = appCookie === "before" ? [own, people[state]] : [people[state], own];
  const cookie = parts.filter(Boolean).join("; ");
  return cookie ? { cookie } : {};
}

const refused = (
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
  location: string | null = null,
): Verdict => ({ status, location, code: codeOf(headers, body), identity: {}, cookie: null });

type Sent = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

async function exchange(origin: string, path: string, method: string, headers: Record<string, string>): Promise<Sent> {
  const list = Object.entries(headers).flat();
  const answer = await agent.request({ origin, path, method: method as "GET", headers: list });
  return { status: answer.statusCode, headers: answer.headers as IncomingHttpHeaders, body: await answer.body.text() };
}

async function handshake(origin: string, path: string, headers: Record<string, string>): Promise<Sent> {
  const { hostname, port } = new URL(origin);
  const upgrade = { ...headers, ...HANDSHAKE, connection: "Upgrade", upgrade: "websocket" };
  const asked = httpRequest({ hostname, port, path, method: "GET", headers: upgrade, agent: false }).end();
  const [answer] = (await Promise.race([once(asked, "upgrade"), once(asked, "response")])) as [IncomingMessage];
  let body = "";
  if (answer.statusCode !== 101) for await (const chunk of answer) body += chunk;
  else answer.socket.destroy();
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

const isHandshake = (request: ExitRequest) => request.handshake && request.method === "GET";

/** The proxy's own answer; the verdict is what reached the upstream, where something did. */
export async function askProxy(
  origin: string,
  upstream: RecordingUpstream,
  request: ExitRequest,
  people: ExitPeople,
  publicUrl: string,
): Promise<Verdict> {
  const id = randomUUID();
  const headers = { ...request.headers, ...cookieHeader(request, people), host: request.host, [TEST_ID]: id };
  const sent = isHandshake(request)
    ? await handshake(origin, request.target, headers)
    : await exchange(origin, request.target, request.method, headers);
  const told = upstream.take(id);
  if (told) {
    const cookie = told.headers.cookie ?? null;
    return { status: 200, location: null, code: null, identity: identityIn(told.headers), cookie };
  }
  const { location } = sent.headers;
  return refused(sent.status, sent.headers, sent.body, location ? new URL(location, publicUrl).href : null);
}

/** How each other proxy asks: where, by which method, and with which headers of its own. */
const QUESTIONS = {
  "auth-request": ({ method, host, target }: ExitRequest) => ({
    path: "/api/authz/auth-request",
    method: "GET",
    headers: { "x-original-url": `http://${host}${target}`, "x-original-method": method },
  }),
  "forward-auth": ({ method, host, target }: ExitRequest) => ({
    path: "/api/authz/forward-auth",
    method: "GET",
    headers: {
      "x-forwarded-method": method,
      "x-forwarded-proto": "http",
      "x-forwarded-host": host,
      "x-forwarded-uri": target,
    },
  }),
  "ext-authz": ({ method, host, target }: ExitRequest) => ({
    path: `/api/authz/ext-authz${target}`,
    method,
    headers: { host },
  }),
} as const;

export type Exit = keyof typeof QUESTIONS;
export const EXITS = Object.keys(QUESTIONS) as readonly Exit[];

/** nginx is told of a redirect in headers; what it then answers. */
function asNginxWould({ status, headers, body }: Sent): Verdict {
  const redirect = Number(headers["x-passbridge-redirect"] ?? 0);
  if (redirect) return refused(redirect, {}, "", headers.location ?? null);
  return refused(status, headers, body);
}

/** What an exit answers to a proxy that asks about the request. */
export async function askExit(origin: string, exit: Exit, request: ExitRequest, people: ExitPeople): Promise<Verdict> {
  const { path, method, headers } = QUESTIONS[exit](request);
  const original = { ...request.headers, ...cookieHeader(request, people), ...(isHandshake(request) && HANDSHAKE) };
  const sent = await exchange(origin, path, method, { ...original, ...headers });
  if (sent.status === 200) {
    return {
      status: 200,
      location: null,
      code: null,
      identity: identityIn(sent.headers),
      cookie: String(sent.headers.cookie ?? "") || null,
    };
  }
  return exit === "auth-request"
    ? asNginxWould(sent)
    : refused(sent.status, sent.headers, sent.body, sent.headers.location ?? null);
}
