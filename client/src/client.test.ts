import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readText, startServer, type TestServer } from "../test/support/http-server.ts";
import { authenticatedSession } from "../test/support/sessions.ts";
import { ApiError, createClient } from "./client.ts";

type Seen = { method: string; url: string; type: string | undefined; body: string };
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: TestServer;
let seen: Seen[] = [];
let answer: Answer;

function reply(status: number, body?: unknown, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
}

beforeAll(async () => {
  server = await startServer(async (request, response) => {
    const body = await readText(request);
    const { method = "", url = "" } = request;
    seen.push({ method, url, type: request.headers["content-type"], body });
    answer(request, response);
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen = [];
});

const client = () => createClient({ baseUrl: `${server.origin}/` });
const login = { ceremony_id: "c1", credential: {} as never };

describe("requests", () => {
  it.each([
    ["session", () => client().session(), "GET /api/auth/session"],
    ["logout", () => client().logout(), "POST /api/auth/logout {}"],
    ["logout everywhere", () => client().logout({ everywhere: true }), 'POST /api/auth/logout {"everywhere":true}'],
    ["startPasswordReset", () => client().startPasswordReset(), "POST /api/auth/password-reset {}"],
    ["startLogin", () => client().startLogin(), "POST /api/passkeys/login/start {}"],
    [
      "startLogin for a person",
      () => client().startLogin({ username: "a@example.com" }),
      'POST /api/passkeys/login/start {"username":"a@example.com"}',
    ],
    [
      "finishLogin",
      () => client().finishLogin(login),
      'POST /api/passkeys/login/finish {"ceremony_id":"c1","credential":{}}',
    ],
    ["startRegistration", () => client().startRegistration(), "POST /api/passkeys/register/start {}"],
    [
      "finishRegistration",
      () => client().finishRegistration({ ...login, name: "Phone" }),
      'POST /api/passkeys/register/finish {"ceremony_id":"c1","credential":{},"name":"Phone"}',
    ],
    ["passkeys", () => client().passkeys(), "GET /api/passkeys"],
    ["renamePasskey", () => client().renamePasskey("a/b", "Key"), 'PATCH /api/passkeys/a%2Fb {"name":"Key"}'],
    ["deletePasskey", () => client().deletePasskey("a_b-c"), "DELETE /api/passkeys/a_b-c"],
    ["relyingParty", () => client().relyingParty(), "GET /api/passkeys/check"],
    ["passkeyAvailability", () => client().passkeyAvailability(), "GET /api/passkeys/available"],
    ["pageSettings", () => client().pageSettings(), "GET /.passbridge/config.json"],
  ])("%s", async (_name, call, expected) => {
    answer = reply(200, { passkey: {} });
    await call();
    expect(seen.map(({ method, url, body }) => [method, url, body].filter(Boolean).join(" "))).toEqual([expected]);
    expect(seen[0]?.type).toBe(seen[0]?.body ? "application/json" : undefined);
  });
});

describe("answers", () => {
  it("gives the session as it came", async () => {
    answer = reply(200, authenticatedSession());
    expect(await client().session()).toEqual(authenticatedSession());
  });

  it("unwraps the passkey of a registration and of a rename", async () => {
    answer = reply(201, { passkey: { id: "k1" } });
    expect(await client().finishRegistration(login)).toEqual({ id: "k1" });
    expect(await client().renamePasskey("k1", "x")).toEqual({ id: "k1" });
  });

  it("takes 204 for done", async () => {
    answer = reply(204);
    await expect(client().deletePasskey("k1")).resolves.toBeUndefined();
    await expect(client().logout()).resolves.toBeUndefined();
  });

  it("polls with the ETag and takes 304 for unchanged", async () => {
    answer = (request, response) =>
      request.headers["if-none-match"] === '"1"'
        ? reply(304)(request, response)
        : reply(200, { authenticated: false }, { ETag: '"1"' })(request, response);
    const first = await client().pollSession(null);
    expect(first).toEqual({ kind: "changed", session: { authenticated: false }, etag: '"1"' });
    expect(await client().pollSession('"1"')).toEqual({ kind: "unchanged" });
  });
});

describe("refusals", () => {
  it("rejects with the problem's code, wait and members", async () => {
    const problem = { code: "rate_limited", title: "Too many requests", status: 429, request_id: "r1" };
    answer = reply(429, problem, { "Retry-After": "40" });
    const error = await client()
      .startLogin()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "rate_limited", status: 429, retryAfter: 40, requestId: "r1" });
    expect(error).toMatchObject({ detail: "Too many requests", members: problem });
  });

  it("rejects with unexpected_response when a 200 is not JSON", async () => {
    answer = (_request, response) => response.end("<html>");
    await expect(client().session()).rejects.toMatchObject({ code: "unexpected_response", status: 200 });
  });

  it("does not follow a redirect: the contract has none here", async () => {
    answer = (_request, response) => {
      response.writeHead(302, { Location: "/login" });
      response.end();
    };
    await expect(client().session()).rejects.toMatchObject({ code: "network_error" });
    expect(seen).toHaveLength(1);
  });

  it("rejects with network_error when nothing answers", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const error = await createClient({ baseUrl: gone.origin })
      .session()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ApiError", code: "network_error", status: 0, members: {} });
  });

  it("rejects with the abort's reason, not with an ApiError", async () => {
    const abort = new AbortController();
    const reason = new Error("left the page");
    answer = () => abort.abort(reason);
    await expect(client().session({ signal: abort.signal })).rejects.toBe(reason);
  });
});
