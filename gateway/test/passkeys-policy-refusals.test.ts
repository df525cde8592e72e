import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PasskeyPolicy } from "../src/policy/passkey-policy.ts";
import {
  finishRegistration,
  login,
  personWithPasskey,
  problem,
  register,
  startRegistration,
} from "./support/passkey-world.ts";
import { createPolicyWorld, type PolicyWorld } from "./support/policy-world.ts";

const KEY = "cb69481e-8ff7-4039-93ec-0a2729a154a8";
const OTHER = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
const notAllowed = problem(403, "authenticator_not_allowed");

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let world: PolicyWorld;
beforeAll(async () => {
  world = await createPolicyWorld({ overrides: { log } });
});
afterAll(() => world.stop());
afterEach(() => world.ask({}));

const someone = () => world.browser(world.people.add());

describe("an authenticator is refused", () => {
  test.each<[string, Partial<PasskeyPolicy>, string, object, RegExp]>([
    ["of a denied model", { deniedAaguids: [KEY] }, KEY, {}, /not allowed here/],
    ["of a model that is not allowed", { allowedAaguids: [OTHER] }, KEY, {}, /not among/],
    ["that names no model", { allowedAaguids: [OTHER] }, "00000000-0000-0000-0000-000000000000", {}, /not among/],
    ["whose passkeys are synced", { allowSynced: false }, KEY, { be: true }, /synced/],
    ["without a statement", { attestation: "direct" }, KEY, {}, /could not be verified/],
    ["without certification", { requireCertified: true }, KEY, {}, /certification/],
  ])("%s", async (_what, changes, aaguid, flags, because) => {
    world.ask(changes);
    const person = world.people.add();
    const authenticator = world.authenticator({ aaguid, flags });
    const answer = await register(world.browser(person), authenticator);
    expect(answer).toMatchObject(notAllowed);
    expect(answer.body.detail).toMatch(because);
    expect(await world.credentials.countOf(person.identity.id)).toBe(0);
    const audited = lines.filter((line) => line.audit === true && line.identity_id === person.identity.id);
    expect(audited).toMatchObject([
      { event: "passkey.authenticator_refused", credential_id: authenticator.credentialId, aaguid },
    ]);
  });

  test("with a statement of its own, where the make has to be proved", async () => {
    world.ask({ attestation: "enterprise" });
    expect(await register(someone(), world.authenticator(), { format: "packed" })).toMatchObject(notAllowed);
  });

  test("by the policy of the start alone", async () => {
    const browser = someone();
    const begun = await startRegistration(browser);
    world.ask({ deniedAaguids: [KEY] });
    expect(await finishRegistration(browser, world.authenticator({ aaguid: KEY }), begun)).toMatchObject({
      status: 201,
    });
    const later = await startRegistration(browser);
    world.ask({});
    expect(await finishRegistration(browser, world.authenticator({ aaguid: KEY }), later)).toMatchObject(notAllowed);
  });

  test("and an allowed one is not", async () => {
    world.ask({ allowedAaguids: [OTHER, KEY], deniedAaguids: [], allowSynced: false });
    expect(await register(someone(), world.authenticator({ aaguid: KEY }))).toMatchObject({ status: 201 });
  });
});

describe("a passkey of a model that is denied later", () => {
  test("signs in no more, which only its holder learns, until it is allowed again", async () => {
    const { authenticator, person } = await personWithPasskey(world, { aaguid: KEY });
    world.ask({ deniedAaguids: [KEY] });
    const forged = await login(world.browser(), authenticator, { otherKey: true });
    expect(forged).toMatchObject(problem(400, "verification_failed"));
    expect(await login(world.browser(), authenticator)).toMatchObject({ ...notAllowed, cookies: [] });
    const events = lines.filter((line) => line.identity_id === person.identity.id).map(({ reason }) => reason);
    expect(events).toContain("authenticator_denied");
    world.ask({});
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });

  test("goes on where only new ones are restricted", async () => {
    const { authenticator } = await personWithPasskey(world, { aaguid: KEY, flags: { be: true } });
    world.ask({ allowedAaguids: [OTHER], allowSynced: false, attestation: "direct", requireCertified: true });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });
});
