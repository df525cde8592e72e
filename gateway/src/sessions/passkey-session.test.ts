import { expect, it } from "vitest";
import { passkeySessionRecord, toSourceSession } from "./passkey-session.ts";

const identity = { id: "i1", email: "ada@example.com", emailVerified: true, name: null, roles: [], traits: {} };
const passkey = { identity, authenticatedAt: 1_000, credentialId: "YWJj", userVerified: true, synced: false };

const sessionOf = (record: unknown) => toSourceSession("id", passkeySessionRecord.parse(record), 2_000);

it("reads a record that names no method, of an earlier release, as a passkey's", () => {
  expect(sessionOf(passkey)).toEqual(sessionOf({ ...passkey, method: "passkey" }));
  expect(sessionOf(passkey)).toMatchObject({ methods: ["passkey"], aal: "aal2", amr: ["hwk", "user", "mfa"] });
});

it("a recovery code proves one factor, and no passkey", () => {
  const session = sessionOf({ identity, authenticatedAt: 1_000, method: "recovery_code" });
  expect(session).toMatchObject({ kind: "passkey", methods: ["recovery_code"], aal: "aal1", amr: ["otp"] });
});

it.each([
  ["another method", { ...passkey, method: "carrier_pigeon" }],
  ["a passkey without its credential", { identity, authenticatedAt: 1_000, method: "passkey" }],
  ["no identity", { ...passkey, identity: undefined }],
])("refuses %s", (_what, record) => {
  expect(passkeySessionRecord.safeParse(record).success).toBe(false);
});
