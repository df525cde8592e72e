import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CborData, encodeCbor, type KeyKind } from "./support/authenticator-keys.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, register } from "./support/passkey-world.ts";
import type { AuthenticatorSettings, Tampering } from "./support/software-authenticator.ts";

const bytes = (length: number) => randomBytes(length).toString("base64url");
const lastByteChanged = (data: Buffer) => Buffer.concat([data.subarray(0, -1), Buffer.from([(data.at(-1) ?? 0) ^ 1])]);
const EVIL = "http://evil.localhost:8080";

/** What a dishonest page, browser or authenticator may change in either ceremony. */
const ANY_CEREMONY: Readonly<Record<string, Tampering>> = {
  "another origin": { origin: EVIL },
  "an origin with another scheme": { origin: "https://localhost" },
  "an origin as a list": { clientData: { origin: [EVIL] } },
  "no origin": { clientData: { origin: undefined } },
  "an origin with a slash": { origin: "http://localhost/" },
  "an origin in capitals": { origin: "HTTP://LOCALHOST:8080" },
  "an origin on another port": { origin: "http://localhost:1" },
  "another RP ID": { rpId: "evil.localhost" },
  "another challenge": { challenge: bytes(32) },
  "an empty challenge": { challenge: "" },
  "no challenge": { clientData: { challenge: undefined } },
  "a challenge in another spelling": { clientData: { challenge: null } },
  "a foreign frame": { clientData: { crossOrigin: true } },
  "a foreign frame that is named": { clientData: { crossOrigin: true, topOrigin: "https://example.com" } },
  "a top origin without a foreign frame": { clientData: { topOrigin: "https://example.com" } },
  "a foreign frame as text": { clientData: { crossOrigin: "false" } },
  "an unknown token binding": { clientData: { tokenBinding: { status: "junk" } } },
  "client data that are no JSON": { rawClientData: "{" },
  "client data that are null": { rawClientData: "null" },
  "client data that are a list": { rawClientData: "[]" },
  "client data that are empty": { rawClientData: "" },
  "client data with a member twice": { rawClientData: '{"type":"webauthn.get","type":"webauthn.create"}' },
  "no user presence": { flags: { up: false } },
  "no user verification": { flags: { uv: false } },
  "backed up though never eligible": { flags: { be: false, bs: true } },
  "bytes after the authenticator data": { trailing: Buffer.from([0]) },
  "extension data that are announced and missing": { flags: { ed: true } },
  "another response id": { id: bytes(32) },
  "a raw id that is not the id": { rawId: bytes(32) },
  "authenticator data cut short": { authenticatorDataAfter: (data) => data.subarray(0, 36) },
  "authenticator data that end in the counter": { authenticatorDataAfter: (data) => data.subarray(0, 35) },
  "empty authenticator data": { authenticatorDataAfter: () => Buffer.alloc(0) },
};

const REGISTRATION: Readonly<Record<string, Tampering>> = {
  "the other ceremony's type": { type: "webauthn.get" },
  "an unknown type": { type: "payment.get" },
  "another attested id": { attestedId: randomBytes(32) },
  "an attested id of 1024 bytes": { attestedId: randomBytes(1024), id: bytes(1023) },
  "an empty attested id": { attestedId: Buffer.alloc(0) },
  "no attested credential": { flags: { at: false } },
  "an unknown attestation format": { format: "notary" },
  "a format that is a number": { format: 7 as unknown as string },
  "Android's attestation, which nobody asked for": { format: "android-key" },
  "SafetyNet's attestation, which nobody asked for": { format: "android-safetynet" },
  "a statement beside no attestation": { statement: new Map<string | number, CborData>([["sig", randomBytes(64)]]) },
  "an attested id that is longer than the data": {
    authenticatorDataAfter: (data) =>
      Buffer.concat([data.subarray(0, 53), Buffer.from("03ff", "hex"), data.subarray(55)]),
  },
  "an attested id that ends in the key": {
    authenticatorDataAfter: (data) =>
      Buffer.concat([data.subarray(0, 53), Buffer.from("0021", "hex"), data.subarray(55)]),
  },
  "no key": { authenticatorDataAfter: (data) => data.subarray(0, 55 + 32) },
  "a key cut short": { authenticatorDataAfter: (data) => data.subarray(0, -1) },
  "self attestation by an algorithm nobody knows": { format: "packed", statementAlgorithm: -99 },
  "self attestation by another algorithm": { format: "packed", statementAlgorithm: -8 },
  "an empty list of certificates": {
    format: "packed",
    statement: new Map<string | number, CborData>([
      ["alg", -7],
      ["sig", randomBytes(70)],
      ["x5c", []],
    ]),
  },
  "certificates that are text": {
    format: "packed",
    statement: new Map<string | number, CborData>([
      ["alg", -7],
      ["sig", randomBytes(70)],
      ["x5c", ["certificate"]],
    ]),
  },
  "a statement of another format": { format: "tpm", statement: new Map<string | number, CborData>([["ver", "2.0"]]) },
  "Apple's statement without a certificate": { format: "apple" },
  "FIDO U2F's statement without a certificate": { format: "fido-u2f" },
  "self attestation of other data": { format: "packed", authenticatorDataAfter: lastByteChanged },
  "self attestation with a made-up signature": {
    format: "packed",
    statement: new Map<string | number, CborData>([
      ["alg", -7],
      ["sig", randomBytes(70)],
    ]),
  },
  "self attestation without a signature": {
    format: "packed",
    statement: new Map<string | number, CborData>([["alg", -7]]),
  },
  "an attestation that is no CBOR": { rawAttestation: Buffer.from("ff", "hex") },
  "an attestation that is a number": { rawAttestation: encodeCbor(7) },
  "an attestation that is an empty map": { rawAttestation: encodeCbor(new Map<string | number, CborData>()) },
  "an attestation of 30 000 nested lists": { rawAttestation: Buffer.alloc(30_000, 0x81) },
  "a list that claims a huge length": { rawAttestation: Buffer.from("9bffffffffffffffff", "hex") },
  "bytes that claim a huge length": { rawAttestation: Buffer.from("5b7fffffffffffffff", "hex") },
  "a certificate that is none": {
    format: "packed",
    statement: new Map<string | number, CborData>([
      ["alg", -7],
      ["sig", randomBytes(70)],
      ["x5c", [randomBytes(100)]],
    ]),
  },
};

const KEYS: readonly KeyKind[] = ["es384", "es256-p384", "es256-off-curve", "rs256-1024", "rs256-e3"];

const AUTHENTICATION: Readonly<Record<string, Tampering>> = {
  "the other ceremony's type": { type: "webauthn.create" },
  "no type": { clientData: { type: undefined } },
  "another key's signature": { otherKey: true },
  "a changed signature": { signature: lastByteChanged },
  "bytes after the signature": { signature: (signature) => Buffer.concat([signature, Buffer.from([0])]) },
  "a signature cut short": { signature: (signature) => signature.subarray(0, -1) },
  "an empty signature": { signature: () => Buffer.alloc(0) },
  "a signature of zeros": { signature: (signature) => Buffer.alloc(signature.length) },
  "no user handle": { userHandle: null },
  "another user handle": { userHandle: bytes(64) },
  "a shortened user handle": { userHandle: bytes(63) },
  "data changed after signing": { authenticatorDataAfter: lastByteChanged },
  "presence claimed after signing": {
    flags: { up: true, uv: false },
    authenticatorDataAfter: (data) => Buffer.concat([data.subarray(0, 32), Buffer.from([5]), data.subarray(33)]),
  },
  "backup eligibility gained": { flags: { be: true } },
  "backup eligibility and backup gained": { flags: { be: true, bs: true } },
  "an attested credential in an assertion": { flags: { at: true } },
  "extensions that are no map": { flags: { ed: true }, trailing: encodeCbor([1]) },
};

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

const rows = async () => Number((await world.database("credentials").count({ count: "*" }))[0]?.count);
const refusal = { status: 400, body: { code: expect.stringMatching(/^(verification_failed|invalid_request)$/) } };

async function expectRefusedRegistration(tampering: Tampering, settings: AuthenticatorSettings = {}) {
  const browser = world.browser(world.people.add());
  const before = await rows();
  const answer = await register(browser, world.authenticator(settings), tampering);
  expect(answer).toMatchObject({ ...refusal, cookies: [] });
  expect(await rows()).toBe(before);
}

describe("a registration with", () => {
  test.each(Object.entries({ ...ANY_CEREMONY, ...REGISTRATION }))("%s is refused", (_what, tampering) =>
    expectRefusedRegistration(tampering),
  );

  test("a self attestation of a key EdDSA by the name of ES256 is refused", () =>
    expectRefusedRegistration({ format: "packed", statementAlgorithm: -7 }, { key: "eddsa" }));

  test.each(KEYS)("a key %s is refused", (key) => expectRefusedRegistration({}, { key }));
});

describe("a sign-in with", () => {
  test.each(Object.entries({ ...ANY_CEREMONY, ...AUTHENTICATION }))("%s is refused", async (what, tampering) => {
    const authenticator = world.authenticator({ counter: 0 });
    const person = world.people.add();
    expect(await register(world.browser(person), authenticator)).toMatchObject({ status: 201 });

    const browser = world.browser();
    const answer = await login(browser, authenticator, tampering);
    // A credential id that is not registered is the one thing a client is told, so that it can tidy up.
    const expected = what === "another response id" ? { status: 404, body: { code: "credential_unknown" } } : refusal;
    expect(answer).toMatchObject({ ...expected, cookies: [] });
    expect(await world.credentials.listOf(person.identity.id)).toMatchObject([{ counter: 0, lastUsedAt: null }]);
    expect(await (await browser.fetch("/api/auth/session")).json()).toEqual({ authenticated: false });

    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });

  test("a synced passkey that lost its backup eligibility is refused", async () => {
    const authenticator = world.authenticator({ flags: { be: true, bs: true } });
    await register(world.browser(world.people.add()), authenticator);
    const answer = await login(world.browser(), authenticator, { flags: { be: false, bs: false } });
    expect(answer).toMatchObject({ ...refusal, cookies: [] });
  });

  test("another person's user handle is refused", async () => {
    const [one, other] = [world.authenticator(), world.authenticator()];
    const people = [world.people.add(), world.people.add()];
    await register(world.browser(people[0]), one);
    await register(world.browser(people[1]), other);
    const { body } = await answerOf(world.browser(people[1]).fetch("/api/passkeys"));
    const answer = await login(world.browser(), one, { userHandle: String(body.user_handle) });
    expect(answer).toMatchObject({ ...refusal, cookies: [] });
  });

  test.each(["es256", "eddsa", "rs256"] as const)("a changed %s signature is refused", async (key) => {
    const authenticator = world.authenticator({ key });
    await register(world.browser(world.people.add()), authenticator);
    const answer = await login(world.browser(), authenticator, { signature: lastByteChanged });
    expect(answer).toMatchObject({ ...refusal, cookies: [] });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });
});
