import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Credential } from "./credential.ts";
import { fromRow, toRow } from "./credential-row.ts";

const bytes = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength }).map((data) => Buffer.from(data));
const date = fc.date({ noInvalidDate: true });

const credentials: fc.Arbitrary<Credential> = fc.record({
  id: bytes(1_023).map((data) => data.toString("base64url")),
  identityId: fc.uuid(),
  publicKey: bytes(300),
  algorithm: fc.constantFrom(-7, -8, -257),
  counter: fc.nat(2 ** 31 - 1),
  aaguid: fc.uuid(),
  deviceType: fc.constantFrom("single_device", "multi_device"),
  backedUp: fc.boolean(),
  transports: fc.array(fc.string()),
  attestation: fc.constantFrom("none", "unverified", "verified"),
  name: fc.string({ minLength: 1, maxLength: 100 }),
  addressProved: fc.boolean(),
  createdAt: date,
  lastUsedAt: fc.option(date),
  lastUsedFrom: fc.option(
    fc.oneof(
      fc.record({ userAgent: fc.string(), ip: fc.option(fc.ipV4()) }),
      fc.record({ userAgent: fc.constant(null), ip: fc.ipV6() }),
    ),
  ),
});

test("a credential comes back from its row as it was, with the counter that pg hands out as text", () => {
  fc.assert(
    fc.property(credentials, (credential) => {
      const row = toRow(credential);
      expect(fromRow(row)).toMatchObject(credential);
      expect(fromRow({ ...row, sign_count: String(row.sign_count) })).toMatchObject(credential);
    }),
  );
});

test("a row of another shape is an error, and never half a credential", () => {
  const [sample] = fc.sample(credentials, 1);
  if (!sample) throw new Error("no sample");
  const row = toRow(sample);
  const required = [
    "id",
    "identity_id",
    "public_key",
    "algorithm",
    "aaguid",
    "device_type",
    "backed_up",
    "attestation",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...required), fc.object(), (member, value) => {
      expect(() => fromRow({ ...row, [member]: value })).toThrow(z.ZodError);
    }),
  );
  fc.assert(fc.property(fc.anything(), (value) => void expect(() => fromRow(value)).toThrow()));
});
