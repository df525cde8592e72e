import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AttestationWorld,
  CERTIFIED,
  createAttestationWorld,
  DIRECT,
  MODELS,
} from "./support/attestation-world.ts";
import { type AttestationKey, attestationKey } from "./support/authenticator-maker.ts";
import { createAuthority } from "./support/certificate-authority.ts";
import { login, problem } from "./support/passkey-world.ts";

let world: AttestationWorld;
beforeAll(async () => {
  world = await createAttestationWorld();
});
afterAll(() => world.stop());

const notAllowed = problem(403, "authenticator_not_allowed");
const verified = { status: 201, body: { passkey: { attestation: "verified" } } };

describe("a make is verified", () => {
  test("by a certificate of its model's root, and the passkey signs in", async () => {
    const { answer, authenticator } = await world.registerUnder(
      CERTIFIED,
      await attestationKey(world.maker, MODELS.good),
    );
    expect(answer).toMatchObject(verified);
    expect(answer.body.passkey).toMatchObject({ aaguid: MODELS.good });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });

  test("through an authority in between that is sent along, and with the root sent along", async () => {
    const between = await world.maker.intermediate("CN=Between");
    for (const above of [[between], [between, world.maker]]) {
      const key = await attestationKey(between, MODELS.good, { above });
      expect((await world.registerUnder(DIRECT, key)).answer).toMatchObject(verified);
    }
  });

  test("for an enterprise, too", async () => {
    const key = await attestationKey(world.maker, MODELS.good);
    expect((await world.registerUnder({ attestation: "enterprise" }, key)).answer).toMatchObject(verified);
  });

  test("though nobody demands it, where a statement comes all the same", async () => {
    const key = await attestationKey(world.maker, MODELS.good);
    expect((await world.registerUnder({}, key, { format: "packed" })).answer).toMatchObject(verified);
  });
});

describe("a make is not verified", () => {
  const unverified: Readonly<Record<string, () => Promise<AttestationKey>>> = {
    "by a stranger's root": () => attestationKey(world.stranger, MODELS.plain),
    "by another model's root": () => attestationKey(world.maker, MODELS.other),
    "where the metadata do not know the model": () => attestationKey(world.maker),
    "where the metadata name no root": () => attestationKey(world.maker, MODELS.rootless),
    "by a root of the same name": async () => attestationKey(await createAuthority("CN=Maker Root"), MODELS.good),
    "through an authority that is not sent along": async () =>
      attestationKey(await world.maker.intermediate("CN=Between"), MODELS.good),
    "through an authority that has run out": async () => {
      const between = await world.maker.intermediate("CN=Between", { days: -1 });
      return attestationKey(between, MODELS.good, { above: [between] });
    },
    "through a certificate that is no authority's": async () => {
      const between = await world.maker.intermediate("CN=Between", { ca: false });
      return attestationKey(between, MODELS.good, { above: [between] });
    },
    "through a certificate that is no authority's, though its key may sign others": async () => {
      const between = await world.maker.intermediate("CN=Between", { ca: false, certifies: true });
      return attestationKey(between, MODELS.good, { above: [between] });
    },
    "through authorities in the wrong order": async () => {
      const upper = await world.maker.intermediate("CN=Upper");
      const lower = await upper.intermediate("CN=Lower");
      return attestationKey(lower, MODELS.good, { above: [upper, lower] });
    },
    "by a certificate with more behind it than it needs": () =>
      attestationKey(world.maker, MODELS.good, { above: [world.maker, world.stranger] }),
  };

  test.each(Object.entries(unverified))("%s", async (_what, make) => {
    const key = await make();
    expect((await world.registerUnder(DIRECT, key)).answer).toMatchObject(notAllowed);
    const unasked = await world.registerUnder({}, key, { format: "packed" });
    expect(unasked.answer).toMatchObject({ status: 201, body: { passkey: { attestation: "unverified" } } });
  });

  test.each<[string, Parameters<typeof attestationKey>[2], object]>([
    ["a certificate that has run out", { days: -1 }, {}],
    ["a certificate of another model", { aaguid: MODELS.other }, {}],
    ["a certificate that is an authority's", { ca: true }, {}],
    ["a certificate of another kind", { subject: "CN=Web server" }, {}],
    ["a model claimed after signing", {}, { aaguid: MODELS.plain }],
    [
      "a signature over something else",
      {},
      {
        authenticatorDataAfter: (data: Buffer) =>
          Buffer.concat([data.subarray(0, 36), Buffer.from([9]), data.subarray(37)]),
      },
    ],
  ])("by %s: the statement itself is wrong", async (_what, wish, tampering) => {
    const key = await attestationKey(world.maker, MODELS.good, wish ?? {});
    const { answer } = await world.registerUnder(DIRECT, key, tampering);
    expect(answer).toMatchObject(problem(400, "verification_failed"));
  });
});

describe("the model's status", () => {
  test.each(["revoked", "bypassed"] as const)("%s is refused, whatever is asked and claimed", async (model) => {
    const key = await attestationKey(world.maker, MODELS[model]);
    for (const changes of [{}, DIRECT, CERTIFIED]) {
      const { answer } = await world.registerUnder(changes, key);
      expect(answer).toMatchObject(notAllowed);
      expect(answer.body.detail).toMatch(/compromised/);
    }
  });

  test.each(["plain", "soonCertified"] as const)("%s is enough unless a certification is asked for", async (model) => {
    const key = await attestationKey(world.maker, MODELS[model]);
    expect((await world.registerUnder(DIRECT, key)).answer).toMatchObject(verified);
    const { answer } = await world.registerUnder(CERTIFIED, key);
    expect(answer).toMatchObject(notAllowed);
    expect(answer.body.detail).toMatch(/certification/);
  });
});
