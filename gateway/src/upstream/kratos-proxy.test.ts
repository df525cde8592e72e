import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { serve, type TestServer } from "../../test/support/proxy-server.ts";
import { rawRequest } from "../../test/support/raw-http.ts";
import { OutageError } from "../errors.ts";
import { createKratosProxy, type KratosProxy, type KratosProxyDeps } from "./kratos-proxy.ts";

const CSRF = `csrf_token_${"ab".repeat(32)}`;
const onSessionIssued = vi.fn<KratosProxyDeps["onSessionIssued"]>(async () => undefined);
const onStateChange = vi.fn<KratosProxyDeps["onStateChange"]>();

let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}[] = [];
const kratos = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  asked.push({ method: request.method, url: request.url, headers: request.headers, body });
  answer(request, response);
});
let proxy: KratosProxy;
let front: TestServer;

beforeAll(async () => {
  kratos.listen(0, "127.0.0.1");
  await once(kratos, "listening");
  proxy = createKratosProxy({
    kratos: {
      publicUrl: new URL(`http://127.0.0.1:${(kratos.address() as AddressInfo).port}`),
      readTimeout: 400,
      formTimeout: 400,
    },
    publicUrl: new URL("https://app.example.com"),
    trustedProxies: [],
    log: pino({ level: "silent" }),
    onSessionIssued,
    onSubmission: async () => async () => undefined,
    nameSubmission: async () => null,
    onStateChange,
  });
  front = await serve(proxy.handler);
});

afterEach(() => {
  asked.length = 0;
  onSessionIssued.mockReset().mockResolvedValue(undefined);
  onStateChange.mockReset();
});

afterAll(async () => {
  await front.stop();
  proxy.close();
  kratos.closeAllConnections();
  kratos.close();
});

const ok = (cookies: string[] = []) => {
  answer = (_request, response) => response.setHeader("Set-Cookie", cookies).end("{}");
};
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${front.origin}/.ory/kratos${path}`, {
    redirect: "manual",
    ...init,
    ...(init.method === "POST" && { headers: { "Content-Type": "application/json", ...init.headers } }),
  });

describe("what Kratos is told", () => {
  it("is the path without the prefix, its own cookies, the body, and where it came from", async () => {
    ok();
    const headers = {
      Cookie: `a=1; passbridge_session=x; ory_kratos_session=y; ${CSRF}=z`,
      "Content-Type": "application/json",
      "Remote-User": "mallory",
      "X-Forwarded-Host": "evil.example",
    };
    const response = await ask("/self-service/logout?token=1%2F2", { method: "POST", headers, body: '{"a":1}' });
    expect(response.status).toBe(200);
    expect(asked).toMatchObject([{ method: "POST", url: "/self-service/logout?token=1%2F2", body: '{"a":1}' }]);
    expect(asked[0]?.headers).toMatchObject({
      host: "app.example.com",
      cookie: `ory_kratos_session=y; ${CSRF}=z`,
      "content-type": "application/json",
      "x-forwarded-host": "app.example.com",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "127.0.0.1",
    });
    expect(asked[0]?.headers["remote-user"]).toBeUndefined();
  });

  it("is nothing below its admin paths or in doubtful spelling", async () => {
    ok();
    for (const [path, status] of [
      ["/admin/identities", 404],
      ["/identities", 404],
      ["/%61dmin", 404],
      ["", 400],
    ] as const) {
      expect((await ask(path)).status).toBe(status);
    }
    for (const path of ["/sessions/../admin", "/sessions%2f..%2fadmin", "//admin", "/\\admin", "/%2e%2e/admin"]) {
      const text = `GET /.ory/kratos${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      expect(await rawRequest(front.origin, text)).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(asked).toEqual([]);
  });

  it("is no body beyond 64 KiB, announced or not", async () => {
    ok();
    const body = "x".repeat(64 * 1024 + 1);
    expect((await ask("/self-service/login", { method: "POST", body })).status).toBe(413);
    const text =
      "POST /.ory/kratos/self-service/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect(await rawRequest(front.origin, `${text}10001\r\n${body}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(asked).toEqual([]);
    expect((await ask("/self-service/logout", { method: "POST", body: body.slice(1) })).status).toBe(200);
    expect(asked[0]?.body).toHaveLength(64 * 1024);
  });
});

describe("what the client gets", () => {
  it("is Kratos' answer with its cookies", async () => {
    answer = (_request, response) => {
      response.setHeader("Set-Cookie", [`${CSRF}=1; Path=/`, "passbridge_session=evil"]);
      response.writeHead(303, { Location: "https://app.example.com/login?flow=1" }).end();
    };
    const response = await ask("/self-service/login/browser");
    expect([response.status, response.headers.get("location")]).toEqual([303, "https://app.example.com/login?flow=1"]);
    expect(response.headers.getSetCookie()).toEqual([`${CSRF}=1; Path=/`]);
  });

  it.each([400, 401, 403, 410, 422])("Kratos' own %i is passed through", async (status) => {
    answer = (_request, response) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end('{"error":{}}');
    const response = await ask("/self-service/login", { method: "POST", body: "{}" });
    expect([response.status, await response.text()]).toEqual([status, '{"error":{}}']);
  });

  it.each([
    ["fails", (_request: IncomingMessage, response: ServerResponse) => response.writeHead(500).end("pq: secret")],
    ["hangs up", (request: IncomingMessage) => request.socket.destroy()],
    ["never answers", () => undefined],
  ])("503 when Kratos %s", async (_name, behaviour) => {
    answer = behaviour;
    const response = await ask("/sessions/whoami");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "dependency_unavailable" });
    expect(text).not.toContain("secret");
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe("the hooks", () => {
  const ISSUED = "ory_kratos_session=MTYz%3D; Path=/; HttpOnly; SameSite=Lax";

  it("hear of a new session before the client does, and may add a cookie", async () => {
    ok([ISSUED]);
    onSessionIssued.mockImplementation(async (_request, response) => {
      response.append("Set-Cookie", "passbridge_session=; Max-Age=0");
    });
    const response = await ask("/self-service/login", { method: "POST", body: "{}" });
    expect(onSessionIssued.mock.calls.map(([, , value]) => value)).toEqual(["MTYz%3D"]);
    expect(response.headers.getSetCookie()).toEqual(["passbridge_session=; Max-Age=0", ISSUED]);
  });

  it("that fail keep the cookie back", async () => {
    ok([ISSUED]);
    onSessionIssued.mockRejectedValue(new OutageError("redis", null));
    const response = await ask("/self-service/login", { method: "POST", body: "{}" });
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
  });

  it.each([
    ["POST", [], 1, 0],
    ["GET", [], 0, 0],
    ["GET", [ISSUED], 1, 1],
    ["GET", ["ory_kratos_session=; Path=/; Max-Age=0"], 1, 0],
    ["GET", ["ory_kratos_session=gone; Max-Age=-1"], 1, 0],
    ["DELETE", [], 1, 0],
  ])("%s answered with %j: %i change(s), %i session(s)", async (method, cookies, changes, issued) => {
    ok(cookies);
    await ask("/self-service/logout?token=1", { method });
    expect([onStateChange.mock.calls.length, onSessionIssued.mock.calls.length]).toEqual([changes, issued]);
  });

  it("hear of a change even when no answer came", async () => {
    answer = (request) => request.socket.destroy();
    await ask("/self-service/settings", { method: "POST", body: "{}" });
    expect(onStateChange).toHaveBeenCalledOnce();
  });
});
