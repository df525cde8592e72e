import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { answerOf, problem } from "./support/passkey-world.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { listed } from "./support/session-list.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), KRATOS_SESSION_CACHE_TTL: "0" },
    overrides: { log },
  });
});
afterAll(() => gateway.stop());

const end = (browser: TestBrowser, id: string) =>
  answerOf(browser.fetch(`/api/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }));
const isSignedIn = async (browser: TestBrowser) =>
  (await answerOf(browser.fetch("/api/auth/session"))).body.authenticated;
const audited = (event: string, identityId: unknown) =>
  lines.filter((line) => line.audit === true && line.event === event && line.identity_id === identityId);

/** What a browser holds at this moment, in another one. */
function copyOf({ origin, cookies }: TestBrowser): TestBrowser {
  const copy = createBrowser(origin);
  for (const [name, value] of cookies) copy.cookies.set(name, value);
  return copy;
}

/** One person at two browsers: by password here, by passkey there. */
async function twoBrowsers() {
  const person = createPerson();
  const password = createBrowser(gateway.origin);
  await signUp(password, person);
  const authenticator = await createPasskeyFor(password);
  const passkey = createBrowser(gateway.origin);
  await signInWithPasskey(passkey, authenticator);
  const { body } = await answerOf(password.fetch("/api/auth/session"));
  const idOf = async (browser: TestBrowser) => (await listed(browser)).find(({ current }) => current)?.id ?? "";
  const { id } = body.identity as { id: string };
  return {
    person,
    identityId: id,
    authenticator,
    password: { browser: password, id: await idOf(password) },
    passkey: { browser: passkey, id: await idOf(passkey) },
  };
}

describe("DELETE /api/auth/sessions/{id}", () => {
  it.each([
    ["password", "passkey"],
    ["passkey", "password"],
  ] as const)("asked by a %s session: ends the %s session in the other browser, at once", async (here, there) => {
    const both = await twoBrowsers();
    const ended = both[there];
    expect(await end(both[here].browser, ended.id)).toMatchObject({ status: 204 });
    expect(await isSignedIn(ended.browser)).toBe(false);
    expect(await isSignedIn(both[here].browser)).toBe(true);
    expect(await listed(both[here].browser)).toMatchObject([{ id: both[here].id }]);
    expect(await end(both[here].browser, ended.id)).toMatchObject(problem(404, "not_found"));
    expect(audited("session.revoked", both.identityId)).toMatchObject([
      { actor: both.identityId, kind: there, session_id: ended.id },
    ]);
  });

  it.each(["password", "passkey"] as const)(
    "ends the %s session one is asking with, and takes its cookie",
    async (kind) => {
      const { browser, id } = (await twoBrowsers())[kind];
      const thief = copyOf(browser);
      expect(await end(browser, id)).toMatchObject({ status: 204 });
      expect(browser.cookies.has(kind === "password" ? "ory_kratos_session" : "passbridge_session")).toBe(false);
      expect(await isSignedIn(thief)).toBe(false);
    },
  );

  it("of a browser that holds both ends the one and leaves the other", async () => {
    const { person, authenticator } = await twoBrowsers();
    const both = createBrowser(gateway.origin);
    await signIn(both, person);
    await signInWithPasskey(both, authenticator);
    const own = (await listed(both)).filter(({ current }) => current);
    const passkey = own.find(({ kind }) => kind === "passkey")?.id ?? "";
    expect(await end(both, passkey)).toMatchObject({ status: 204 });
    expect((await answerOf(both.fetch("/api/auth/session"))).body).toMatchObject({ methods: ["password"] });
  });

  it("ends nobody else's, of either kind, and does not tell that it exists", async () => {
    const [one, other] = [await twoBrowsers(), await twoBrowsers()];
    for (const { id } of [one.password, one.passkey]) {
      const refused = await end(other.password.browser, id);
      expect(refused).toMatchObject(problem(404, "not_found"));
      const unknown = await end(other.password.browser, id.length === 36 ? randomUUID() : "A".repeat(22));
      expect({ ...refused.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    }
    expect(await isSignedIn(one.password.browser)).toBe(true);
    expect(await isSignedIn(one.passkey.browser)).toBe(true);
    expect(audited("session.revoked", other.identityId)).toEqual([]);
  });

  it.each(["x", "%00", "..%2F..%2Fidentities", "*", "a".repeat(2_000), "%E0%A4%A"])(
    "knows no session %j",
    async (id) => {
      const { browser } = (await twoBrowsers()).password;
      const answer = await answerOf(browser.fetch(`/api/auth/sessions/${id}`, { method: "DELETE" }));
      expect([400, 404]).toContain(answer.status);
      expect(await listed(browser)).toHaveLength(2);
    },
  );

  it("is for people who are signed in, from this site", async () => {
    const { id } = (await twoBrowsers()).password;
    expect(await end(createBrowser(gateway.origin), id)).toMatchObject(problem(401, "unauthenticated"));
    const foreign = { method: "DELETE", headers: { origin: "https://evil.example" } } as const;
    const answer = await answerOf(createBrowser(gateway.origin).fetch(`/api/auth/sessions/${id}`, foreign));
    expect(answer).toMatchObject(problem(403, "csrf_rejected"));
  });
});

describe("the audit log", () => {
  it("knows who ended the others, and who everything", async () => {
    const { identityId, password } = await twoBrowsers();
    await password.browser.fetch("/api/auth/sessions", { method: "DELETE" });
    await password.browser.post("/api/auth/logout", { everywhere: true });
    expect(audited("sessions.revoked", identityId)).toMatchObject([
      { actor: identityId, scope: "others", revoked: 1 },
      { actor: identityId, scope: "all", revoked: 1 },
    ]);
  });
});
