import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMailbox, type Mail } from "../../scripts/parts/mailbox.ts";
import { signInAdministrator } from "./support/administrator.ts";
import type { TestBrowser } from "./support/browser.ts";
import type { KratosPerson } from "./support/kratos-people.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
  startRegistration,
} from "./support/passkey-world.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let world: PasskeyWorld;
let admin: Awaited<ReturnType<typeof signInAdministrator>>;
beforeAll(async () => {
  world = await createPasskeyWorld({ overrides: { log } });
  admin = await signInAdministrator(world);
});
afterAll(() => world.stop());

type Verb = "enable" | "disable" | "reset";
const tell = (verb: Verb, user: string, browser = admin.browser) =>
  answerOf(browser.post(`/api/passkeys/${verb}/${encodeURIComponent(user)}`));
const show = (user: string, browser = admin.browser) =>
  answerOf(browser.fetch(`/api/passkeys/user/${encodeURIComponent(user)}`));
const passkeysIn = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/auth/session"))).body.passkeys;
const events = ({ identity }: KratosPerson) =>
  lines.filter(({ audit, identity_id }) => audit === true && identity_id === identity.id);

describe("GET user", () => {
  it("shows a person by id and by e-mail in any spelling", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const before = await show(person.identity.id);
    expect(before).toMatchObject({
      status: 200,
      body: { passkeys: [{ id: authenticator.credentialId }], enabled: true, prompt: false, last_login_at: null },
    });
    await login(world.browser(), authenticator);
    const after = await show(person.identity.email.toUpperCase());
    expect(after).toMatchObject({ status: 200, body: { last_login_at: expect.any(String) } });
  });

  it.each([randomUUID(), "nobody@example.com", "not-an-id", `${"a".repeat(400)}@example.com`, "%00"])(
    "knows nobody as %j",
    async (user) => {
      expect(await show(user)).toMatchObject(problem(404, "not_found"));
      for (const verb of ["enable", "disable", "reset"] as const) {
        expect(await tell(verb, user)).toMatchObject(problem(404, "not_found"));
      }
    },
  );
});

it("knows no path with a control character", async () => {
  expect(await show("a\u0000@example.com")).toMatchObject(problem(400, "invalid_request"));
  expect(await tell("reset", "a\u0000@example.com")).toMatchObject(problem(400, "invalid_request"));
});

describe("who is no administrator, or signed in with one factor only", () => {
  it("changes and sees nothing", async () => {
    const { person, browser, authenticator } = await personWithPasskey(world);
    const byPasskey = world.browser();
    await login(byPasskey, authenticator);
    const refused: (readonly [TestBrowser, object])[] = [
      [world.browser(), problem(401, "unauthenticated")],
      [browser, problem(403, "forbidden")],
      [byPasskey, problem(403, "forbidden")],
      [world.browser(admin.person), problem(403, "aal2_required")],
    ];
    for (const [caller, answer] of refused) {
      expect(await show(person.identity.id, caller)).toMatchObject(answer);
      for (const verb of ["enable", "disable", "reset"] as const) {
        expect(await tell(verb, person.identity.id, caller)).toMatchObject(answer);
      }
    }
    expect(await show(person.identity.id)).toMatchObject({ body: { passkeys: [{}], enabled: true } });
  });
});

describe("disable", () => {
  it("refuses sign-in and registration, ends the sessions, and keeps the passkeys", async () => {
    const { person, browser, authenticator } = await personWithPasskey(world);
    const byPasskey = world.browser();
    await login(byPasskey, authenticator);
    const open = await startRegistration(browser);

    expect(await tell("disable", person.identity.email)).toMatchObject({ status: 204 });
    expect((await answerOf(byPasskey.fetch("/api/auth/session"))).body).toEqual({ authenticated: false });
    expect(await login(world.browser(), authenticator)).toMatchObject(problem(403, "passkeys_disabled"));
    expect(await answerOf(browser.post("/api/passkeys/register/start"))).toMatchObject(
      problem(403, "passkeys_disabled"),
    );
    const credential = world.authenticator().register(open.options);
    const finish = browser.post("/api/passkeys/register/finish", { ceremony_id: open.ceremony_id, credential });
    expect(await answerOf(finish)).toMatchObject(problem(403, "passkeys_disabled"));
    expect((await answerOf(browser.fetch("/api/passkeys/available"))).body).toMatchObject({ available: false });
    expect(await passkeysIn(browser)).toMatchObject({ count: 1, prompt: false });
    expect(await show(person.identity.id)).toMatchObject({
      body: { passkeys: [{ id: authenticator.credentialId }], enabled: false, prompt: false },
    });

    expect(await tell("enable", person.identity.id)).toMatchObject({ status: 204 });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
    expect(events(person)).toMatchObject([
      { event: "passkey.registered" },
      { event: "passkey.signed_in" },
      { event: "passkeys.disabled", actor: admin.person.identity.id },
      { event: "passkey.sign_in_refused", reason: "passkeys_disabled" },
      { event: "passkeys.enabled", actor: admin.person.identity.id },
      { event: "passkey.signed_in" },
    ]);
  });

  it("is not told to whoever does not hold the key", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    await tell("disable", person.identity.id);
    expect(await login(world.browser(), authenticator, { otherKey: true })).toMatchObject(
      problem(400, "verification_failed"),
    );
  });
});

describe("reset", () => {
  it("removes all passkeys and ends the sessions made with them, and leaves the password", async () => {
    const { person, browser, authenticator } = await personWithPasskey(world);
    await register(browser, world.authenticator());
    const byPasskey = world.browser();
    await login(byPasskey, authenticator);

    expect(await tell("reset", person.identity.id)).toMatchObject({ status: 200, body: { deleted: 2 } });
    expect((await answerOf(byPasskey.fetch("/api/auth/session"))).body).toEqual({ authenticated: false });
    expect(await login(world.browser(), authenticator)).toMatchObject(problem(404, "credential_unknown"));
    expect(await passkeysIn(browser)).toMatchObject({ count: 0 });
    expect(await register(browser, world.authenticator())).toMatchObject({ status: 201 });
    expect(await tell("reset", person.identity.id)).toMatchObject({ body: { deleted: 1 } });
    expect(await tell("reset", person.identity.id)).toMatchObject({ body: { deleted: 0 } });
    const actor = admin.person.identity.id;
    expect(events(person).filter(({ event }) => event === "passkeys.reset")).toMatchObject([
      { actor, deleted: 2 },
      { actor, deleted: 1 },
      { actor, deleted: 0 },
    ]);
  });

  it("tells the person by mail, once", async () => {
    const { person, browser } = await personWithPasskey(world);
    await register(browser, world.authenticator());
    await tell("reset", person.identity.id);
    await tell("reset", person.identity.id);
    const mailbox = createMailbox(inject("stack").mailUrl);
    const isReset = (mail: Mail) => mail.subject.includes("passkeys were removed");
    const mail = await mailbox.waitFor(person.identity.email, isReset);
    expect(mail.text).toContain("An administrator removed all 2 passkeys");
    const wanted = { identity_id: person.identity.id, kind: "passkeys_reset" };
    expect(await world.database("mail_outbox").where(wanted)).toHaveLength(1);
  });

  it("touches nobody else", async () => {
    const [one, other] = [await personWithPasskey(world), await personWithPasskey(world)];
    await tell("reset", one.person.identity.id);
    expect(await login(world.browser(), other.authenticator)).toMatchObject({ status: 200 });
  });
});

describe("Kratos away", () => {
  it("answers 503 and changes nothing", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    world.people.away = true;
    for (const verb of ["enable", "disable", "reset"] as const) {
      expect(await tell(verb, person.identity.id)).toMatchObject(problem(503, "dependency_unavailable"));
    }
    world.people.away = false;
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });
});
