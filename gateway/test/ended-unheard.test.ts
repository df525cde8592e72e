import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, expect, inject, it } from "vitest";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { isSignedIn, isSignedOut, openEventSource } from "./support/event-source.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { type Replicas, startReplicas } from "./support/replicas.ts";
import { sessionKey } from "./support/session-key.ts";
import { listed } from "./support/session-list.ts";

let kratosAdmin: FaultProxy;
let replicas: Replicas;
beforeAll(async () => {
  kratosAdmin = await startFaultProxy(inject("stack").kratosAdminUrl);
  // Kept for long: what is known sooner than after a minute was told.
  const env = { KRATOS_SESSION_CACHE_TTL: "60s", IDENTITY_CACHE_TTL: "60s", PASSKEY_SESSION_CACHE_TTL: "60s" };
  replicas = await startReplicas({ env: { ...env, KRATOS_ADMIN_URL: kratosAdmin.url } }, { env });
});
afterEach(() => kratosAdmin.heal());
afterAll(async () => {
  await replicas.stop();
  kratosAdmin.stop();
});

/** What is open of a browser's on the other replica, where the news of its end must arrive. */
async function openThere(browser: TestBrowser) {
  const there = replicas.elsewhere(browser);
  const socket = await replicas.openSocket(there);
  const source = openEventSource(there);
  await source.told(isSignedIn);
  const ended = Promise.all([once(socket, "close"), source.told(isSignedOut)]);
  return { over: ended.finally(() => source.close()) };
}

async function byPassword(person = createPerson()): Promise<TestBrowser> {
  const browser = createBrowser(replicas.here.origin);
  await signUp(browser, person);
  return browser;
}

async function byPasskey(): Promise<TestBrowser> {
  const authenticator = await createPasskeyFor(await byPassword());
  const browser = createBrowser(replicas.here.origin);
  await signInWithPasskey(browser, authenticator);
  return browser;
}

const idOf = async (browser: TestBrowser) => (await listed(browser)).find(({ current }) => current)?.id ?? "";
async function endAtKratos(id: string): Promise<void> {
  const answer = await fetch(`${inject("stack").kratosAdminUrl}/admin/sessions/${id}`, { method: "DELETE" });
  expect(answer.status).toBe(204);
}

const signOut = async (browser: TestBrowser) => (await browser.post("/api/auth/logout")).status;

it("a sign-out that finds the password's session ended already tells all that was opened with it", async () => {
  const browser = await byPassword();
  const { over } = await openThere(browser);
  await endAtKratos(await idOf(browser));
  expect(await signOut(browser)).toBe(204);
  await over;
});

it("a sign-out that finds the passkey's session ended already tells all that was opened with it", async () => {
  const browser = await byPasskey();
  const { over } = await openThere(browser);
  await idOf(browser);
  const redis = createClient({ url: inject("stack").redisUrl });
  await redis.connect();
  expect(await redis.del(sessionKey(browser, replicas.here.config.session))).toBe(1);
  await redis.close();
  expect(await signOut(browser)).toBe(204);
  await over;
});

it("a sign-out that Kratos carries out, and whose answer is lost, is told to all that was opened with the session", async () => {
  const browser = await byPassword();
  const { over } = await openThere(browser);
  await idOf(browser);
  kratosAdmin.turn({ kind: "cut", after: 0, by: "reset" });
  expect(await signOut(browser)).toBe(503);
  await over;
});

/** Of Kratos' answer that lists a person's sessions, with its head. */
async function lengthOfList(browser: TestBrowser): Promise<number> {
  const { identity } = (await (await browser.fetch("/api/auth/session")).json()) as { identity: { id: string } };
  const request = get(`${inject("stack").kratosAdminUrl}/admin/identities/${identity.id}/sessions?active=true`);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const { socket } = response;
  await once(response.resume(), "end");
  return socket.bytesRead;
}

it("the same of the end of all other sessions", async () => {
  const person = createPerson();
  const browser = await byPassword(person);
  const other = createBrowser(replicas.here.origin);
  await signIn(other, person);
  const { over } = await openThere(other);
  await idOf(other);
  // The list of them arrives; the answer to the end does not.
  kratosAdmin.turn({ kind: "cut", after: (await lengthOfList(browser)) + 20, by: "reset" });
  expect((await browser.fetch("/api/auth/sessions", { method: "DELETE" })).status).toBe(503);
  await over;
});

it("a session that ends at Kratos behind the gateway's back is found by a look now and then", async () => {
  const looking = await startReplicas({ env: { KRATOS_SESSION_CACHE_TTL: "1s", IDENTITY_CACHE_TTL: "1s" } });
  const browser = createBrowser(looking.here.origin);
  await signUp(browser, createPerson());
  const socket = await looking.openSocket(browser);
  const closed = once(socket, "close");
  await endAtKratos(await idOf(browser));
  await closed;
  await looking.stop();
});
