import fc from "fast-check";
import { expect, test } from "vitest";
import { firstPolicy } from "../policy/passkey-policy.ts";
import { type ChallengeRecord, createRedisChallengeStore } from "./challenge-store.ts";

/** A store that holds one text under every key. */
const storeOf = (text: string) => createRedisChallengeStore({ set: async () => "OK", getDel: async () => text }, 1_000);

const record: ChallengeRecord = {
  kind: "registration",
  challenge: "AQ",
  browserHash: "Ag",
  identityId: "someone",
  sessionIds: ["one"],
  userVerification: "required",
  userPresence: true,
};

test("a text that is no record is none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      expect(await storeOf(text).take("id")).toBeNull();
    }),
  );
});

test("a record with a member of another type is none", async () => {
  const members = fc.constantFrom(...Object.keys(record), "policy");
  await fc.assert(
    fc.asyncProperty(members, fc.object(), async (member, value) => {
      expect(await storeOf(JSON.stringify({ ...record, [member]: value })).take("id")).toBeNull();
    }),
  );
});

test("a record keeps the part of the policy that judges a registration, and one of the last release has none", async () => {
  const policy = { ...firstPolicy(7), attestation: "direct", allowedAaguids: ["a"] } as const;
  const kept = await storeOf(JSON.stringify({ ...record, policy })).take("id");
  expect(kept?.policy).toMatchObject({ attestation: "direct", allowedAaguids: ["a"], maxPasskeysPerUser: 7 });
  expect(await storeOf(JSON.stringify(record)).take("id")).toEqual(record);
});
