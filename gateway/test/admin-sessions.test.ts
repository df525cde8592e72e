import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signUpAdministrator } from "./support/administrator.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { answerOf, problem } from "./support/passkey-world.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import type { SoftwareAuthenticator } from "./support/software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let gateway: RunningGateway;
let admin: TestBrowser;
let adminKey: SoftwareAuthenticator;
let byPassword: TestBrowser;
beforeAll(async () => {
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" },
    overrides: { log },
  });
  ({ browser: admin, authenticator: adminKey, byPassword } = await signUpAdministrator(gateway));
});
afterAll(() => gateway.stop());

const endSessionsOf = (user: string, caller = admin) =>
  answerOf(caller.fetch(`/api/admin/users/${encodeURIComponent(user)}/sessions`, { method: "DELETE" }));
const session = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/auth/session"))).body;
const idOf = async (browser: TestBrowser) => ((await session(browser)).identity as { id: string }).id;

/** Signed in by password here, by passkey there, by both in a third browser. */
async function personAtThreeBrowsers() {
  const person = createPerson();
  const browsers = Array.from({ length: 3 }, () => createBrowser(gateway.origin));
  const [password, passkey, both] = browsers;
  if (!password || !passkey || !both) throw new Error("three browsers");
  await signUp(password, person);
  const authenticator = await createPasskeyFor(password);
  await signInWithPasskey(passkey, authenticator);
  await signIn(both, person);
  await signInWithPasskey(both, authenticator);
  return { person, browsers, id: await idOf(password) };
}

describe("DELETE /api/admin/users/{user}/sessions", () => {
  it.each(["id", "e-mail"] as const)("by %s ends every session, of both kinds, and says how many", async (by) => {
    const { person, browsers, id } = await personAtThreeBrowsers();
    const bystander = createBrowser(gateway.origin);
    await signUp(bystander, createPerson("bystander"));
    const user = by === "id" ? id : person.email.toUpperCase();
    expect(await endSessionsOf(user)).toEqual({ status: 200, body: { revoked: 4 }, cookies: [] });
    for (const browser of browsers) expect(await session(browser)).toEqual({ authenticated: false });
    expect(await session(bystander)).toMatchObject({ authenticated: true });
    expect(await endSessionsOf(user)).toMatchObject({ body: { revoked: 0 } });
    const actor = await idOf(admin);
    const audited = lines.filter(({ event, identity_id }) => event === "sessions.revoked" && identity_id === id);
    expect(audited).toMatchObject([
      { audit: true, actor, scope: "all", revoked: 4 },
      { audit: true, actor, scope: "all", revoked: 0 },
    ]);
  });

  it.each([randomUUID(), "nobody@example.com", "not-an-id"])("knows nobody as %j", async (user) => {
    expect(await endSessionsOf(user)).toMatchObject(problem(404, "not_found"));
  });

  it("is for administrators with two factors", async () => {
    const { browsers, id } = await personAtThreeBrowsers();
    const refused: (readonly [TestBrowser | undefined, object])[] = [
      [createBrowser(gateway.origin), problem(401, "unauthenticated")],
      [browsers[1], problem(403, "forbidden")],
      [byPassword, problem(403, "aal2_required")],
    ];
    for (const [caller, answer] of refused) expect(await endSessionsOf(id, caller)).toMatchObject(answer);
    for (const browser of browsers) expect(await session(browser)).toMatchObject({ authenticated: true });
  });

  it("ends the administrator's own as well", async () => {
    const other = createBrowser(gateway.origin);
    await signInWithPasskey(other, adminKey);
    expect(await endSessionsOf(await idOf(other), other)).toMatchObject({ status: 200, body: { revoked: 3 } });
    expect(await session(other)).toEqual({ authenticated: false });
  });
});
