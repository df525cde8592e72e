import { createServer } from "node:http";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serve, type TestServer } from "../../test/support/proxy-server.ts";
import { listen } from "../../test/support/websocket-front.ts";
import { OutageError } from "../errors.ts";
import { createKratosProxy, type KratosProxy } from "./kratos-proxy.ts";

/** What Kratos answers every submission, and the Cookie headers it got. */
let verdict: { readonly status: number; readonly body: string };
const cookies: (string | undefined)[] = [];
const kratos = createServer((request, response) => {
  cookies.push(request.headers.cookie);
  request.resume();
  response.writeHead(verdict.status, { "Content-Type": "application/json" }).end(verdict.body);
});
let nameSubmission: () => Promise<string | null>;
let proxy: KratosProxy;
let front: TestServer;

beforeAll(async () => {
  proxy = createKratosProxy({
    kratos: { publicUrl: new URL(await listen(kratos)), readTimeout: 1_000, formTimeout: 1_000 },
    publicUrl: new URL("https://app.example.com"),
    trustedProxies: [],
    log: pino({ level: "silent" }),
    nameSubmission: () => nameSubmission(),
    onSessionIssued: async () => undefined,
    onSubmission: async () => async () => undefined,
    onStateChange: () => undefined,
  });
  front = await serve(proxy.handler);
});
afterAll(async () => {
  await front.stop();
  proxy.close();
  kratos.closeAllConnections();
  kratos.close();
});

function submit(headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  cookies.length = 0;
  return fetch(`${front.origin}/.ory/kratos/self-service/settings`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: "{}",
  });
}

it("carries the gateway's name of it in the one Cookie header there may be, and never a client's", async () => {
  verdict = { status: 200, body: "{}" };
  nameSubmission = async () => null;
  await submit({ Cookie: "passbridge_submission=forged; ory_kratos_session=y" });
  expect(cookies).toEqual(["ory_kratos_session=y"]);
  await submit({ Cookie: "passbridge_submission=forged" });
  expect(cookies).toEqual([undefined]);
  nameSubmission = async () => "the-name";
  await submit({ Cookie: "passbridge_submission=forged; ory_kratos_session=y" });
  expect(cookies).toEqual(["ory_kratos_session=y; passbridge_submission=the-name"]);
  await submit();
  expect(cookies).toEqual(["passbridge_submission=the-name"]);
});

it("that could not be named is not sent", async () => {
  nameSubmission = () => Promise.reject(new OutageError("redis", new Error("away")));
  expect((await submit()).status).toBe(503);
  expect(cookies).toEqual([]);
});

it("at which Kratos fails is 503 without its own words, even where Kratos calls it the client's fault", async () => {
  nameSubmission = async () => null;
  const error = { code: 500, message: "POST http://10.0.0.1:8081/hooks giving up" };
  verdict = { status: 400, body: JSON.stringify({ error }) };
  const response = await submit();
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("10.0.0.1");
});

it("at which Kratos fails behind an error page of its own tells as little there", async () => {
  const error = { code: 500, status: "Internal Server Error", message: "POST http://10.0.0.1:8081/hooks giving up" };
  verdict = { status: 200, body: JSON.stringify({ id: "1", error, created_at: "now" }) };
  for (const path of ["errors?id=1", "errors/?id=1", "%65rrors?id=1"]) {
    const response = await fetch(`${front.origin}/.ory/kratos/self-service/${path}`);
    expect(await response.json()).toEqual({ error: { code: 500, status: "Internal Server Error" } });
  }
  verdict = { status: 200, body: JSON.stringify({ id: "1", error: { code: 403, id: "security_csrf_violation" } }) };
  const response = await fetch(`${front.origin}/.ory/kratos/self-service/errors?id=1`);
  expect(await response.text()).toBe(verdict.body);
});

it("that Kratos refuses is answered as Kratos does", async () => {
  verdict = { status: 403, body: JSON.stringify({ error: { code: 403, id: "session_refresh_required" } }) };
  const response = await submit();
  expect([response.status, await response.text()]).toEqual([403, verdict.body]);
});
