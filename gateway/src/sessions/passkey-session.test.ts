import fc from "fast-check";
import { expect, it } from "vitest";
import { passkeySessionRecord, sessionEnd, toSourceSession } from "./passkey-session.ts";

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

it("reads whatever a store holds as a record, or as none", () => {
  const members = fc.constantFrom(...Object.keys(passkey), "method");
  fc.assert(
    fc.property(members, fc.jsonValue(), (member, value) => {
      const read = passkeySessionRecord.safeParse({ ...passkey, [member]: value });
      if (!read.success) return;
      const { aal, methods } = toSourceSession("id", read.data, 2_000);
      expect(["passkey", "recovery_code"]).toContain(methods.join());
      if (aal === "aal2") expect(read.data).toMatchObject({ method: "passkey", userVerified: true });
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(passkeySessionRecord.safeParse(value).success).toBe(false);
    }),
  );
});

it("lets no session outlive its absolute end, however it is used", () => {
  const limits = { idleTimeout: 1_000, maxAge: 10_000 };
  fc.assert(
    fc.property(fc.nat(), fc.nat(20_000), (authenticatedAt, later) => {
      const end = sessionEnd(authenticatedAt, authenticatedAt + later, limits);
      expect(end).toBeLessThanOrEqual(authenticatedAt + limits.maxAge);
      expect(end).toBeLessThanOrEqual(authenticatedAt + later + limits.idleTimeout);
    }),
  );
});
