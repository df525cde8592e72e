import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { Mailbox } from "../../scripts/parts/mailbox.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { type HookedGateway, startHookedGateway } from "./support/hooked-gateway.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, type Person, recover, signIn, signUp, submit } from "./support/people.ts";
import { changePassword, signInEverywhere } from "./support/signed-in-everywhere.ts";

const upstream = createServer();
const sockets = new WebSocketServer({ server: upstream });
let hooked: HookedGateway;
beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  hooked = await startHookedGateway({ UPSTREAM_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await hooked.stop();
  for (const socket of sockets.clients) socket.terminate();
  upstream.close();
});

const open = () => createBrowser(hooked.gateway.origin);
const session = async (browser: TestBrowser) =>
  (await browser.fetch("/api/auth/session")).json() as Promise<{ authenticated: boolean; identity?: { id: string } }>;
const SIGNED_OUT = { authenticated: false };
const BOTH = { authenticated: true, methods: ["password", "passkey"] };

const newPassword = () => createPerson().password;

async function openSocket(browser: TestBrowser): Promise<WebSocket> {
  const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
  const { origin } = hooked.gateway;
  const socket = new WebSocket(origin.replace("http", "ws"), { headers: { cookie, origin } });
  await once(socket, "open");
  return socket;
}

/** Kratos' own API, past the gateway, as a native application uses it. */
async function kratosApi(path: string, token: string, body?: object): Promise<{ status: number; body: unknown }> {
  const { pathname, search } = new URL(path, hooked.stack.kratosPublicUrl);
  const response = await fetch(hooked.stack.kratosPublicUrl + pathname.replace("/.ory/kratos", "") + search, {
    headers: { accept: "application/json", "content-type": "application/json", "x-session-token": token },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

type ApiFlow = { ui: { action: string } };

async function nativeSignIn({ email, password }: Person): Promise<string> {
  const flow = (await kratosApi("/self-service/login/api", "")).body as ApiFlow;
  const answer = await kratosApi(flow.ui.action, "", { method: "password", identifier: email, password });
  return (answer.body as { session_token: string }).session_token;
}

async function nativePasswordChange(token: string) {
  const flow = (await kratosApi("/self-service/settings/api", token)).body as ApiFlow;
  const change = () => kratosApi(flow.ui.action, token, { method: "password", password: newPassword() });
  return { change };
}

describe("a password changed in one browser", () => {
  it("ends every other session of the identity, of both kinds, and keeps both here", async () => {
    const { here, there, passkey, bystander } = await signInEverywhere(hooked.gateway.origin);
    const [mine, ...others] = await Promise.all([here, there, passkey].map(openSocket));
    const closed = Promise.all(others.map((socket) => once(socket, "close")));
    expect((await changePassword(here)).status).toBe(200);
    expect(await session(here)).toMatchObject({ ...BOTH, methods: expect.arrayContaining(BOTH.methods) });
    expect(await session(there)).toEqual(SIGNED_OUT);
    expect(await session(passkey)).toEqual(SIGNED_OUT);
    expect(await session(bystander)).toMatchObject({ authenticated: true });
    await closed;
    expect(mine?.readyState).toBe(WebSocket.OPEN);
    mine?.terminate();
    const { id } = (await session(here)).identity ?? {};
    const audited = hooked.lines.filter((line) => line.audit === true && line.identity_id === id);
    expect(audited.at(-1)).toMatchObject({ event: "account.password_changed", ended_passkey_sessions: 2 });
    expect(JSON.stringify(hooked.lines)).not.toContain(hooked.door.hooks.secret);
  });
});

describe("a password changed past the gateway, by Kratos' native API", () => {
  it("keeps no session but the one that changed it", async () => {
    const { person, here, there, passkey, bystander } = await signInEverywhere(hooked.gateway.origin);
    const token = await nativeSignIn(person);
    const { change } = await nativePasswordChange(token);
    expect((await change()).status).toBe(200);
    for (const browser of [here, there, passkey]) expect(await session(browser)).toEqual(SIGNED_OUT);
    expect(await session(bystander)).toMatchObject({ authenticated: true });
    expect((await kratosApi("/sessions/whoami", token)).status).toBe(200);
  });

  it("does so each time, even by the same form", async () => {
    const person = createPerson();
    const browser = open();
    await signUp(browser, person);
    const authenticator = await createPasskeyFor(browser);
    const { change } = await nativePasswordChange(await nativeSignIn(person));
    for (const _ of ["once", "again"]) {
      const passkey = open();
      await signInWithPasskey(passkey, authenticator);
      expect((await change()).status).toBe(200);
      expect(await session(passkey)).toEqual(SIGNED_OUT);
    }
  });
});

describe("a recovery by mail", () => {
  it("ends every other session of the identity, of both kinds", async () => {
    const { person, here, there, passkey, bystander } = await signInEverywhere(hooked.gateway.origin);
    const recovering = open();
    await recover(recovering, person.email, hooked.stack.mail);
    expect(await session(recovering)).toMatchObject({ authenticated: true, methods: ["code"] });
    for (const browser of [here, there, passkey]) expect(await session(browser)).toEqual(SIGNED_OUT);
    expect(await session(bystander)).toMatchObject({ authenticated: true });
    const { id } = (await session(recovering)).identity ?? { id: "nobody's" };
    const told = hooked.door.calls.filter(({ path }) => path === "/hooks/kratos/recovery");
    expect(told.map(({ body }) => body)).toEqual([expect.stringContaining(id)]);
  });
});

describe("what Kratos tells besides", () => {
  const isTold = (path: string, from: number) =>
    waitUntil(async () => expect(hooked.door.calls.slice(from).map((call) => call.path)).toContain(path), {
      what: `a call of ${path}`,
      timeout: 10_000,
    });

  it("are sign-ins, and settings: what was known of the identity holds no more", async () => {
    const person = createPerson();
    const browser = open();
    await signUp(browser, person);
    const passkey = open();
    await signInWithPasskey(passkey, await createPasskeyFor(browser));
    expect(await session(passkey)).toMatchObject({ identity: { name: null } });
    const before = hooked.door.calls.length;
    await signIn(open(), person);
    await isTold("/hooks/kratos/sign-in", before);
    const traits = { email: person.email, name: "Ada" };
    expect((await submit(browser, "settings", { method: "profile", traits })).status).toBe(200);
    await isTold("/hooks/kratos/settings", before);
    await waitUntil(async () => expect(await session(passkey)).toMatchObject({ identity: { name: "Ada" } }), {
      what: "the new name, long before what is known runs out",
      timeout: 5_000,
    });
  });

  it("holds nobody up while the gateway's operators' port does not answer", async () => {
    const person = createPerson();
    await signUp(open(), person);
    hooked.door.deaf = true;
    try {
      const browser = open();
      await signIn(browser, person);
      expect(await session(browser)).toMatchObject({ authenticated: true });
      const traits = { email: person.email, name: "Ada" };
      expect((await submit(browser, "settings", { method: "profile", traits })).status).toBe(200);
    } finally {
      hooked.door.deaf = false;
    }
  });
});

describe("a recovery that the gateway could not be told of", () => {
  it("signs nobody in, and can be begun anew", async () => {
    const { person, passkey } = await signInEverywhere(hooked.gateway.origin);
    const recovering = open();
    hooked.door.deaf = true;
    try {
      await expect(recover(recovering, person.email, hooked.stack.mail)).rejects.toThrow("503");
      expect(await session(recovering)).toEqual(SIGNED_OUT);
    } finally {
      hooked.door.deaf = false;
    }
    const again = open();
    const { mail } = hooked.stack;
    const old = (await mail.list(person.email)).map(({ id }) => id);
    const waitFor: Mailbox["waitFor"] = (address, fits = () => true) =>
      mail.waitFor(address, (candidate) => !old.includes(candidate.id) && fits(candidate));
    await recover(again, person.email, { ...mail, waitFor });
    expect(await session(again)).toMatchObject({ authenticated: true });
    expect(await session(passkey)).toEqual(SIGNED_OUT);
  });
});

describe("a password change that the gateway could not be told of", () => {
  it("is no success, gives nothing of the inside away, and ends Kratos' sessions all the same", async () => {
    const { here, there, passkey } = await signInEverywhere(hooked.gateway.origin);
    hooked.door.deaf = true;
    try {
      const answer = await changePassword(here);
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ code: "dependency_unavailable" });
      expect(text).not.toMatch(/127\.0\.0\.1|hooks/);
      const cookie = `ory_kratos_session=${there.cookies.get("ory_kratos_session")}`;
      const whoami = await fetch(`${hooked.stack.kratosPublicUrl}/sessions/whoami`, { headers: { cookie } });
      expect(whoami.status).toBe(401);
    } finally {
      hooked.door.deaf = false;
    }
    expect((await changePassword(here)).status).toBe(200);
    for (const browser of [there, passkey]) expect(await session(browser)).toEqual(SIGNED_OUT);
  });
});
