import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import type { HookRequest } from "./support/hook-door.ts";
import { type HookedGateway, startHookedGateway } from "./support/hooked-gateway.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { changePassword, signInEverywhere } from "./support/signed-in-everywhere.ts";

let hooked: HookedGateway;
beforeAll(async () => {
  hooked = await startHookedGateway();
});
afterAll(() => hooked.stop());

const open = () => createBrowser(hooked.gateway.origin);
const session = async (browser: TestBrowser) =>
  (await browser.fetch("/api/auth/session")).json() as Promise<{ authenticated: boolean; identity?: { id: string } }>;
const SIGNED_OUT = { authenticated: false };

const send = ({ path, headers, body }: HookRequest, changes: Readonly<Record<string, string>> = {}) => {
  const { host: _host, "content-length": _length, ...kept } = headers;
  return fetch(new URL(path, hooked.door.hooks.url), { method: "POST", headers: { ...kept, ...changes }, body });
};

/** A call that was genuine once, and the person it was about. */
async function genuine() {
  const { person, here, passkey } = await signInEverywhere(hooked.gateway.origin);
  const { id } = (await session(here)).identity ?? { id: "" };
  expect((await changePassword(here)).status).toBe(200);
  const call = hooked.door.calls.findLast(({ path, body }) => path === "/hooks/kratos/password" && body.includes(id));
  if (!call) throw new Error("no call of this person");
  return { person, here, passkey, call };
}

it("lets each call count once", async () => {
  const { here, call } = await genuine();
  expect((await send(call)).status).toBe(204);
  expect(await session(here)).toMatchObject({ authenticated: true });
  const authenticator = await createPasskeyFor(here);
  const later = open();
  await signInWithPasskey(later, authenticator);
  expect((await send(call)).status).toBe(204);
  expect(await session(later)).toMatchObject({ authenticated: true });
  const anotherId = { "ory-webhook-request-id": randomUUID() };
  expect((await send(call, anotherId)).status).toBe(204);
  expect(await session(later)).toEqual(SIGNED_OUT);
  expect(await session(here)).toMatchObject({ authenticated: true });
});

it("is shut to whoever does not know the secret, and to the public port", async () => {
  const { here, call } = await genuine();
  const fresh = () => ({ "ory-webhook-request-id": randomUUID() });
  for (const authorization of [
    "",
    "Bearer ",
    `Bearer ${"x".repeat(43)}`,
    hooked.door.hooks.secret,
    `Basic ${hooked.door.hooks.secret}`,
  ]) {
    const answer = await send(
      { ...call, body: call.body.replace(/"submission": "[^"]+"/, '"submission": null') },
      {
        ...fresh(),
        authorization,
      },
    );
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "unauthenticated", status: 401 });
  }
  const { Authorization: _none, authorization: _sent, ...headers } = call.headers;
  expect((await send({ ...call, headers }, fresh())).status).toBe(401);
  const publicly = await fetch(new URL(call.path, hooked.gateway.origin), {
    method: "POST",
    headers: { authorization: `Bearer ${hooked.door.hooks.secret}`, "content-type": "application/json" },
    body: call.body,
  });
  const unknown = await fetch(new URL("/anything", hooked.gateway.origin), { method: "POST" });
  expect([publicly.status, unknown.status]).toEqual([401, 401]);
  expect(await session(here)).toMatchObject({ authenticated: true });
});

it("knows one secret among several, so that it can be changed", async () => {
  const { call } = await genuine();
  const authorization = `Bearer ${"n".repeat(40)},${hooked.door.hooks.secret}`;
  expect((await send(call, { authorization })).status).toBe(204);
});

it("refuses what is malformed, too large, of no known kind, or of a flow that ran out", async () => {
  const { here, call } = await genuine();
  const body = JSON.parse(call.body) as Record<string, unknown>;
  const attempt = async (changes: Partial<HookRequest>, headers: Readonly<Record<string, string>> = {}) =>
    (await send({ ...call, ...changes }, { "ory-webhook-request-id": randomUUID(), ...headers })).status;
  const changed = (members: Record<string, unknown>) => ({ body: JSON.stringify({ ...body, ...members }) });
  expect(await attempt({ body: "{" })).toBe(400);
  expect(await attempt({ body: "" })).toBe(400);
  expect(await attempt(changed({ identity_id: "x" }))).toBe(400);
  expect(await attempt(changed({ flow_expires_at: "soon" }))).toBe(400);
  expect(await attempt(changed({ flow_expires_at: "2020-01-01T00:00:00Z" }))).toBe(400);
  expect(await attempt(changed({ submission: 1 }))).toBe(400);
  expect(await attempt({}, { "ory-webhook-request-id": "x" })).toBe(400);
  expect(await attempt({}, { "content-type": "text/plain" })).toBe(415);
  expect(await attempt(changed({ padding: "x".repeat(64 * 1024) }))).toBe(413);
  expect(await attempt({ path: "/hooks/kratos/logout" })).toBe(404);
  expect(await session(here)).toMatchObject({ authenticated: true });
});

it("answers 503 while Redis is away, and takes the same call once it is back", async () => {
  const { passkey: _ended, here, call } = await genuine();
  const authenticator = await createPasskeyFor(here);
  const later = open();
  await signInWithPasskey(later, authenticator);
  const headers = { "ory-webhook-request-id": randomUUID() };
  await hooked.stack.redis.kill();
  try {
    await waitUntil(async () => expect((await send(call, headers)).status).toBe(503), {
      what: "503 without Redis",
      timeout: 20_000,
    });
  } finally {
    await hooked.stack.redis.start();
  }
  await waitUntil(async () => expect((await send(call, headers)).status).toBe(204), {
    what: "204 with Redis",
    timeout: 20_000,
  });
});
