import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConformanceWorld, createConformanceWorld, FAILED, OK } from "./support/conformance-world.ts";
import { startGateway } from "./support/start-gateway.ts";

let world: ConformanceWorld;
beforeAll(async () => {
  world = await createConformanceWorld();
});
afterAll(() => world.stop());

const CHALLENGE = expect.stringMatching(/^[\w-]{43}$/);
const EXTENSIONS = { "example.extension": "a hobbit" };

describe("attestation/options", () => {
  /** The request of the API's own example. */
  const EXAMPLE = {
    username: "johndoe@example.com",
    displayName: "John Doe",
    authenticatorSelection: {
      requireResidentKey: false,
      authenticatorAttachment: "cross-platform",
      userVerification: "preferred",
    },
    attestation: "direct",
  };

  it("P-1: answers the example's request in the example's shape", async () => {
    const { status, body } = await world.post("/attestation/options", { ...EXAMPLE, extensions: EXTENSIONS });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "ok",
      errorMessage: "",
      rp: { id: "localhost", name: "Passbridge" },
      user: { id: expect.stringMatching(/^[\w-]{86}$/), name: "johndoe@example.com", displayName: "John Doe" },
      challenge: CHALLENGE,
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: EXAMPLE.authenticatorSelection,
      attestation: "direct",
      extensions: EXTENSIONS,
    });
  });

  it("P-2: asks for no attestation unless told to", async () => {
    const asked = { username: randomUUID(), displayName: "Somebody" };
    expect((await world.post("/attestation/options", asked)).body).toMatchObject({ attestation: "none" });
    const { body } = await world.post("/attestation/options", { ...asked, attestation: "none" });
    expect(body).toMatchObject({ attestation: "none" });
  });

  it("P-3: gives another challenge each time, and the same user id", async () => {
    const [one, other] = [
      await world.post("/attestation/options", EXAMPLE),
      await world.post("/attestation/options", EXAMPLE),
    ];
    expect(one.body.challenge).not.toBe(other.body.challenge);
    expect(one.body.user).toEqual(other.body.user);
  });

  it("Resp-1 P-1: excludes the credentials a user has", async () => {
    const { username, device } = await world.registered();
    const { body } = await world.post("/attestation/options", { username, displayName: "Somebody" });
    expect(body.excludeCredentials).toEqual([{ type: "public-key", id: device.credentialId }]);
  });
});

describe("assertion/options", () => {
  it("P-1: lists exactly the user's credential, with what was asked for", async () => {
    const { username, device } = await world.registered();
    const asked = { username, userVerification: "required", extensions: EXTENSIONS };
    const { status, body } = await world.post("/assertion/options", asked);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "ok",
      errorMessage: "",
      challenge: CHALLENGE,
      timeout: 300_000,
      rpId: "localhost",
      allowCredentials: [{ type: "public-key", id: device.credentialId }],
      userVerification: "required",
      extensions: EXTENSIONS,
    });
  });

  it("P-2: gives another challenge each time; preferred is the default", async () => {
    const { username } = await world.registered();
    const [one, other] = [
      await world.post("/assertion/options", { username }),
      await world.post("/assertion/options", { username }),
    ];
    expect(one.body.challenge).not.toBe(other.body.challenge);
    expect(one.body.userVerification).toBe("preferred");
  });

  it("knows no user that never registered", async () => {
    expect(await world.post("/assertion/options", { username: "johndoe-2@example.com" })).toEqual(FAILED);
  });
});

const user = { username: "somebody", displayName: "Somebody" };

it.each<[string, string, unknown]>([
  ["attestation/options without a username", "/attestation/options", { displayName: "Somebody" }],
  ["attestation/options without a display name", "/attestation/options", { username: "somebody" }],
  ["a username that is no text", "/attestation/options", { ...user, username: 7 }],
  ["an empty username", "/attestation/options", { ...user, username: "" }],
  ["a username of 100 kB", "/attestation/options", { ...user, username: "x".repeat(100_000) }],
  ["an unknown attestation", "/attestation/options", { ...user, attestation: "maybe" }],
  ["an unknown verification", "/attestation/options", { ...user, authenticatorSelection: { userVerification: "no" } }],
  ["a prototype key", "/attestation/options", '{"username":"a","displayName":"b","__proto__":{}}'],
  ["broken JSON", "/attestation/options", "{"],
  ["a list", "/attestation/result", "[]"],
  ["null", "/attestation/result", "null"],
  ["nothing", "/attestation/result", {}],
  ["assertion/options without a username", "/assertion/options", {}],
  ["an assertion that is nothing", "/assertion/result", {}],
  ["a member twice", "/assertion/options", '{"username":"a","username":"b"}'],
])("%s fails with a reason", async (_what, path, body) => {
  expect(await world.post(path, body)).toEqual(FAILED);
});

it("the tool's users are no people: no row, no session and no way into the product's own ceremonies", async () => {
  const { username, device } = await world.registered();
  expect(await world.assert(username, device)).toEqual(OK);
  const { body } = await world.post("/assertion/options", { username });
  const response = await fetch(`${world.gateway.origin}/api/passkeys/login/finish`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: `passbridge_browser=${"A".repeat(43)}` },
    body: JSON.stringify({ ceremony_id: body.challenge, credential: device.authenticate(body as never) }),
  });
  expect(await response.json()).toMatchObject({ code: "challenge_invalid" });
});

it("is not there unless the settings ask for it", async () => {
  const { databaseUrl } = world.gateway.config;
  const plain = await startGateway({ env: { NODE_ENV: "development", DATABASE_URL: databaseUrl } });
  try {
    const response = await fetch(`${plain.origin}/fido-conformance/attestation/options`, { method: "POST" });
    expect(response.status).toBe(401);
  } finally {
    await plain.stop();
  }
});
