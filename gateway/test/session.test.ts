import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMailbox } from "../../scripts/parts/mailbox.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, recover, signIn, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { DATABASE_URL: await createTestDatabase() } });
});
afterAll(() => gateway.stop());

const session = async (browser: ReturnType<typeof createBrowser>) =>
  (await browser.fetch("/api/auth/session")).json() as Promise<Record<string, unknown>>;

describe("GET /api/auth/session", () => {
  it("knows nobody", async () => {
    expect(await session(createBrowser(gateway.origin))).toEqual({ authenticated: false });
  });

  it("shows a password session", async () => {
    const browser = createBrowser(gateway.origin);
    const person = createPerson();
    await signUp(browser, person);
    expect(await session(browser)).toMatchObject({
      authenticated: true,
      auth_method: "password",
      methods: ["password"],
      aal: "aal1",
      amr: ["pwd"],
      identity: { email: person.email, email_verified: false, name: null, roles: [], traits: { email: person.email } },
      sessions: { passkey: null, password: { id: expect.any(String) } },
      passkeys: { count: 0, prompt: false, enforcement: "off" },
    });
  });

  it("shows a passkey session, and both as one sign-in", async () => {
    const browser = createBrowser(gateway.origin);
    const person = createPerson();
    await signUp(browser, person);
    const authenticator = await createPasskeyFor(browser);
    expect(await session(browser)).toMatchObject({ passkeys: { count: 1 } });

    const other = createBrowser(gateway.origin);
    expect((await signInWithPasskey(other, authenticator)).status).toBe(200);
    expect(await session(other)).toMatchObject({
      auth_method: "passkey",
      methods: ["passkey"],
      aal: "aal2",
      amr: ["hwk", "user", "mfa"],
      sessions: { password: null },
    });

    await signIn(other, person);
    expect(await session(other)).toMatchObject({
      auth_method: "password",
      methods: ["passkey", "password"],
      aal: "aal2",
      sessions: { passkey: { id: expect.any(String) }, password: { id: expect.any(String) } },
    });
  });

  it("answers polls with a strong ETag and 304", async () => {
    const browser = createBrowser(gateway.origin);
    await signUp(browser, createPerson());
    const first = await browser.fetch("/api/auth/session");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect(first.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const again = await browser.fetch("/api/auth/session", {
      headers: { "if-none-match": etag, "cache-control": "no-cache" },
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
  });

  it("is not misled by a stale cookie beside a valid session", async () => {
    const browser = createBrowser(gateway.origin);
    await signUp(browser, createPerson());
    browser.cookies.set("passbridge_session", "s%3Astale.signature");
    expect(await session(browser)).toMatchObject({ authenticated: true, methods: ["password"] });
  });
});

describe("whoever signs in last owns the browser", () => {
  it("ends another identity's password session with a passkey sign-in, in the same response", async () => {
    const owner = createBrowser(gateway.origin);
    const ownerPerson = createPerson("owner");
    await signUp(owner, ownerPerson);
    const authenticator = await createPasskeyFor(owner);

    const shared = createBrowser(gateway.origin);
    await signUp(shared, createPerson("guest"));
    const guestCookie = shared.cookies.get("ory_kratos_session") ?? "";
    const response = await signInWithPasskey(shared, authenticator);
    expect(await response.json()).toMatchObject({ identity: { email: ownerPerson.email }, methods: ["passkey"] });
    expect(shared.cookies.has("ory_kratos_session")).toBe(false);

    const thief = createBrowser(gateway.origin);
    thief.cookies.set("ory_kratos_session", guestCookie);
    expect(await session(thief)).toEqual({ authenticated: false });
  });

  it("ends another identity's passkey session with a password sign-in, in the same response", async () => {
    const shared = createBrowser(gateway.origin);
    await signUp(shared, createPerson("owner"));
    const authenticator = await createPasskeyFor(shared);
    const browser = createBrowser(gateway.origin);
    await signInWithPasskey(browser, authenticator);
    const passkeyCookie = browser.cookies.get("passbridge_session") ?? "";

    const guest = createPerson("guest");
    await signUp(browser, guest);
    expect(browser.cookies.has("passbridge_session")).toBe(false);
    expect(await session(browser)).toMatchObject({ identity: { email: guest.email }, methods: ["password"] });

    const thief = createBrowser(gateway.origin);
    thief.cookies.set("passbridge_session", passkeyCookie);
    expect(await session(thief)).toEqual({ authenticated: false });
  });
});

describe("a recovery by mail", () => {
  it("ends the account's sessions of both kinds in every other browser, and nobody else's", async () => {
    const person = createPerson("recovering");
    const [password, passkey, bystander, recovering] = Array.from({ length: 4 }, () => createBrowser(gateway.origin));
    if (!password || !passkey || !bystander || !recovering) throw new Error("four browsers");
    await signUp(password, person);
    await signInWithPasskey(passkey, await createPasskeyFor(password));
    await signUp(bystander, createPerson("bystander"));
    const other = createBrowser(gateway.origin);
    await signInWithPasskey(other, await createPasskeyFor(bystander));

    await recover(recovering, person.email, createMailbox(inject("stack").mailUrl));
    expect(await session(recovering)).toMatchObject({ methods: ["code"], identity: { email: person.email } });
    expect(await session(passkey)).toEqual({ authenticated: false });
    await waitUntil(async () => expect(await session(password)).toEqual({ authenticated: false }), {
      what: "the cached answer about the password session to run out",
      timeout: 30_000,
    });
    expect(await session(other)).toMatchObject({ authenticated: true });
    expect(await session(bystander)).toMatchObject({ authenticated: true });
  });
});

describe("POST /api/auth/logout", () => {
  it("ends both kinds, on the server as in the browser", async () => {
    const browser = createBrowser(gateway.origin);
    const person = createPerson();
    await signUp(browser, person);
    await signInWithPasskey(browser, await createPasskeyFor(browser));
    expect(await session(browser)).toMatchObject({ methods: ["password", "passkey"] });
    const cookies = new Map(browser.cookies);

    expect((await browser.post("/api/auth/logout")).status).toBe(204);
    expect(await session(browser)).toEqual({ authenticated: false });
    const thief = createBrowser(gateway.origin);
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect(await session(thief)).toEqual({ authenticated: false });
  });

  it("ends every session of the identity when asked to", async () => {
    const person = createPerson();
    const [here, there] = [createBrowser(gateway.origin), createBrowser(gateway.origin)];
    await signUp(here, person);
    await signInWithPasskey(there, await createPasskeyFor(here));
    expect((await here.post("/api/auth/logout", { everywhere: true })).status).toBe(204);
    expect(await session(here)).toEqual({ authenticated: false });
    expect(await session(there)).toEqual({ authenticated: false });
  });

  it.each([
    ["nobody", {}, 204],
    ["a wrong type", { everywhere: "yes" }, 400],
    ["an unknown member", { everyone: true }, 400],
  ])("answers %s", async (_what, body, status) => {
    expect((await createBrowser(gateway.origin).post("/api/auth/logout", body)).status).toBe(status);
  });
});
