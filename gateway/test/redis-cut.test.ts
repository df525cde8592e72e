import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { isSignedIn, isSignedOut, openEventSource } from "./support/event-source.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signOutOfKratos, signUp } from "./support/people.ts";
import { type Replicas, startReplicas } from "./support/replicas.ts";

let front: FaultProxy;
let replicas: Replicas;
beforeAll(async () => {
  front = await startFaultProxy(inject("stack").redisUrl);
  // Kept for long: what is known sooner than after a minute was told.
  const env = { KRATOS_SESSION_CACHE_TTL: "60s", IDENTITY_CACHE_TTL: "60s" };
  replicas = await startReplicas({ env }, { env: { ...env, REDIS_URL: front.url } });
});
afterAll(async () => {
  await replicas.stop();
  front.stop();
});

const statusOf = async (browser: TestBrowser) => (await browser.fetch("/page")).status;
const becomes = (browser: TestBrowser, status: number) =>
  expect.poll(() => statusOf(browser), { timeout: 20_000 }).toBe(status);
const isReady = (browser: TestBrowser) =>
  expect.poll(async () => (await browser.fetch("/health/ready")).status, { timeout: 20_000 }).toBe(200);

/** Somebody in two browsers: the second one's answers are kept on both replicas, on one of which it listens. */
async function twoBrowsers() {
  const account = createPerson();
  const own = createBrowser(replicas.here.origin);
  await signUp(own, account);
  const other = createBrowser(replicas.here.origin);
  await signIn(other, account);
  const there = replicas.elsewhere(other);
  await isReady(there);
  const source = openEventSource(there);
  await source.told(isSignedIn);
  const socket = await replicas.openSocket(there);
  expect([await statusOf(other), await statusOf(there)]).toEqual([200, 200]);
  return { own, other, there, source, socket };
}

describe("a replica that was cut off from Redis", () => {
  it("trusts nothing it kept: what ended meanwhile is refused, told and closed when it is back", async () => {
    const { own, there, source, socket } = await twoBrowsers();
    const closed = once(socket, "close");
    front.turn({ kind: "refuse" });
    expect((await own.fetch("/api/auth/sessions", { method: "DELETE" })).status).toBe(200);
    // The word did not reach it: the answer it keeps is good for a minute.
    expect(await statusOf(there)).toBe(200);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    front.heal();
    await Promise.all([becomes(there, 401), source.told(isSignedOut), closed]);
    source.close();
  });

  it("hears its own news at once, and tells the others when it is back", async () => {
    const { other, there, source, socket } = await twoBrowsers();
    const closed = once(socket, "close");
    const copy = createBrowser(replicas.here.origin, new Map(other.cookies));
    front.turn({ kind: "refuse" });
    await expect.poll(async () => (await there.fetch("/health/ready")).status).toBe(503);
    await signOutOfKratos(createBrowser(there.origin, new Map(other.cookies)));
    await Promise.all([closed, source.told(isSignedOut)]);
    expect(await statusOf(copy)).toBe(200);
    front.heal();
    await becomes(copy, 401);
    source.close();
  });

  it("says nothing of a session it cannot decide: a stream goes on, and a new one is refused with 503", async () => {
    const account = createPerson();
    const own = createBrowser(replicas.here.origin);
    await signUp(own, account);
    const authenticator = await createPasskeyFor(own);
    const passkey = createBrowser(replicas.here.origin);
    await signInWithPasskey(passkey, authenticator);
    const there = replicas.elsewhere(passkey);
    await isReady(there);
    const source = openEventSource(there);
    await source.told(isSignedIn);
    front.turn({ kind: "refuse" });
    await becomes(there, 503);
    const refused = openEventSource(there);
    await expect.poll(() => refused.statuses).toEqual([503]);
    front.heal();
    await becomes(there, 200);
    // Back again, it asked again, and there was nothing new to tell.
    expect(source.events).toHaveLength(1);
    expect(source.statuses).toEqual([200]);
    source.close();
    refused.close();
  });
});
