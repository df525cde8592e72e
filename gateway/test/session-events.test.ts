import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { createMailbox } from "../../scripts/parts/mailbox.ts";
import { verifyByLink } from "./support/address-owner.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { isSignedIn, isSignedOut, openEventSource, type TestEventSource } from "./support/event-source.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { type Replicas, startReplicas } from "./support/replicas.ts";

let replicas: Replicas;
const sources: TestEventSource[] = [];
beforeAll(async () => {
  replicas = await startReplicas({ env: { KRATOS_SESSION_CACHE_TTL: "60s", IDENTITY_CACHE_TTL: "60s" } });
});
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});
afterAll(() => replicas.stop());

function listen(browser: TestBrowser): TestEventSource {
  const source = openEventSource(browser);
  sources.push(source);
  return source;
}

/** Two tabs of a browser, one on each replica. The first gives the browser the cookie it is known by from then on. */
async function openTabs(browser: TestBrowser, fits: (body: Record<string, unknown>) => boolean) {
  const first = listen(browser);
  await first.told(fits);
  const second = listen(replicas.elsewhere(browser));
  await second.told(fits);
  return [first, second];
}

const newBrowser = () => createBrowser(replicas.here.origin);
const allTold = (tabs: TestEventSource[], fits: (body: Record<string, unknown>) => boolean, what: string) =>
  Promise.all(tabs.map((tab) => tab.told(fits, what)));

async function someone() {
  const account = createPerson();
  const browser = newBrowser();
  await signUp(browser, account);
  return { account, browser };
}

describe("GET /api/auth/events", () => {
  it("answers an event stream that nothing keeps, with the session object and its ETag at once", async () => {
    const { browser } = await someone();
    const source = listen(browser);
    const { body, id } = await source.told(isSignedIn);
    expect(source.headers()).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-request-id": expect.any(String),
    });
    expect(source.headers()).not.toHaveProperty("content-encoding");
    const asked = await browser.fetch("/api/auth/session");
    expect(await asked.json()).toEqual(body);
    expect(asked.headers.get("etag")).toBe(`"${id}"`);
  });

  it("is for strangers as well", async () => {
    const { body } = await listen(newBrowser()).told(isSignedOut);
    expect(body).toEqual({ authenticated: false });
  });

  it("answers HEAD without a stream", async () => {
    const response = await fetch(`${replicas.here.origin}/api/auth/events`, { method: "HEAD" });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  });
});

describe("each change is told, in any tab and on any replica", () => {
  it("a sign-in by password", async () => {
    const { account } = await someone();
    const browser = newBrowser();
    const tabs = await openTabs(browser, isSignedOut);
    await signIn(browser, account);
    const told = await allTold(tabs, isSignedIn, "the sign-in");
    for (const { body } of told) expect(body).toMatchObject({ auth_method: "password", aal: "aal1" });
  });

  it("a sign-in by passkey, a step-up, and the sign-out of both", async () => {
    const { account, browser: owner } = await someone();
    const authenticator = await createPasskeyFor(owner);
    const browser = newBrowser();
    const tabs = await openTabs(browser, isSignedOut);
    await signIn(browser, account);
    await allTold(tabs, ({ aal }) => aal === "aal1", "the password");
    expect((await signInWithPasskey(browser, authenticator)).status).toBe(200);
    await allTold(tabs, ({ aal, auth_method }) => aal === "aal2" && auth_method === "passkey", "the step-up");
    const { at } = (await tabs[0]?.told(isSignedIn)) ?? { at: 0 };
    expect((await signInWithPasskey(browser, authenticator)).status).toBe(200);
    const again = (told: Record<string, unknown>) => isSignedIn(told) && (tabs[0]?.events.at(-1)?.at ?? 0) > at;
    await allTold(tabs, again, "the second step-up");
    await browser.post("/api/auth/logout");
    await allTold(tabs, isSignedOut, "the sign-out");
    // Nobody was told to be signed out by a step-up, which ends the session id it replaces.
    for (const tab of tabs) expect(tab.events.filter(({ body }) => isSignedOut(body))).toHaveLength(2);
  });

  it("a passkey that is added, on the stream that is open", async () => {
    const { browser } = await someone();
    const source = listen(replicas.elsewhere(browser));
    expect((await source.told(isSignedIn)).body).toMatchObject({ passkeys: { count: 0 } });
    await createPasskeyFor(browser);
    const counts = ({ passkeys }: Record<string, unknown>) => JSON.stringify(passkeys).includes('"count":1');
    await source.told(counts, "the passkey");
    expect(source.statuses).toEqual([200]);
    expect(source.events).toHaveLength(2);
  });

  it("an address that is proved, by the code in the mail", async () => {
    const { account, browser } = await someone();
    const source = listen(replicas.elsewhere(browser));
    await source.told(({ identity }) => JSON.stringify(identity).includes('"email_verified":false'), "not verified");
    await verifyByLink(browser, account.email, createMailbox(inject("stack").mailUrl));
    await source.told(({ identity }) => JSON.stringify(identity).includes('"email_verified":true'), "verified");
  });

  it("another person's sign-in in the same browser", async () => {
    const { browser } = await someone();
    const { account } = await someone();
    const tabs = await openTabs(browser, isSignedIn);
    await browser.post("/api/auth/logout");
    await signIn(browser, account);
    const isOther = ({ identity }: Record<string, unknown>) =>
      JSON.stringify(identity)?.includes(account.email) ?? false;
    await allTold(tabs, isOther, "the other person");
  });
});

describe("a stream is no use of the session", () => {
  it("which ends by its idle timeout while it is listened to, and that is told", async () => {
    let later = 0;
    const clock = () => new Date(Date.now() + later);
    const idle = await startReplicas({ env: { SESSION_IDLE_TIMEOUT: "3m" }, overrides: { clock } });
    try {
      const owner = createBrowser(idle.here.origin);
      await signUp(owner, createPerson());
      const authenticator = await createPasskeyFor(owner);
      const browser = createBrowser(idle.here.origin);
      await signInWithPasskey(browser, authenticator);
      const source = listen(browser);
      const { body } = await source.told(isSignedIn);
      // Two minutes on, a use of the session would extend it. The stream looks, because something has changed.
      later = 120_000;
      await createPasskeyFor(owner);
      const looked = await source.told((told) => JSON.stringify(told.passkeys).includes('"count":2'), "the passkey");
      expect(looked.body.expires_at).toBe(body.expires_at);
      later = 181_000;
      await source.told(isSignedOut, "the end by time");
      expect(source.statuses).toEqual([200]);
    } finally {
      await idle.stop();
    }
  });
});

describe("streams that are too many", () => {
  it("of one session are refused with 429, those of others are not; and one that leaves makes room", async () => {
    const limited = await startReplicas({ env: { RATE_LIMIT_FACTOR: "0.1" } });
    try {
      const browser = createBrowser(limited.here.origin);
      const first = listen(browser);
      await first.told(isSignedOut);
      await listen(browser).told(isSignedOut);
      const third = await browser.fetch("/api/auth/events");
      expect([third.status, third.headers.get("retry-after")]).toEqual([429, "30"]);
      expect(await third.json()).toMatchObject({ code: "rate_limited" });
      await listen(createBrowser(limited.here.origin)).told(isSignedOut);
      first.close();
      await expect.poll(async () => (await browser.fetch("/api/auth/events")).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});

describe("a gateway that stops", () => {
  it("sends its streams away with a time to come back, spread over seconds", async () => {
    const stopped = await startReplicas();
    const streams = Array.from({ length: 5 }, () => listen(createBrowser(stopped.here.origin)));
    await allTold(streams, isSignedOut, "nobody");
    stopped.here.gateway.sendAway();
    await expect.poll(() => new Set(streams.map((stream) => stream.retry())).size).toBeGreaterThan(1);
    for (const stream of streams) {
      expect(stream.retry()).toBeGreaterThanOrEqual(500);
      expect(stream.retry()).toBeLessThanOrEqual(5_000);
    }
    const late = listen(createBrowser(stopped.here.origin));
    await late.told(isSignedOut);
    await stopped.stop();
  });
});
