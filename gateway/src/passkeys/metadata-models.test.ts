import fc from "fast-check";
import { expect, test } from "vitest";
import { FIDO_ALLIANCE, readVerifiedBlob, verifyMetadataBlob } from "./metadata-blob.ts";
import { readModels } from "./metadata-models.ts";

const AAGUID = "CB69481E-8FF7-4039-93EC-0A2729A154A8";
const entry = {
  aaguid: AAGUID,
  metadataStatement: { attestationRootCertificates: ["AAAA"] },
  statusReports: [{ status: "FIDO_CERTIFIED", effectiveDate: "2020-01-01" }],
};
const payload = { no: 3, nextUpdate: "2026-12-01", entries: [entry] };

test("a payload is read, its AAGUIDs in lower case, and a root that is no certificate is left out", () => {
  const { number, nextUpdate, find } = readModels(payload);
  expect([number, nextUpdate.toISOString()]).toEqual([3, "2026-12-01T00:00:00.000Z"]);
  const model = find(AAGUID.toLowerCase());
  expect(model?.roots).toEqual([]);
  expect(model?.statuses(new Date("2021-01-01"))).toEqual(["FIDO_CERTIFIED"]);
  expect(model?.statuses(new Date("2019-01-01"))).toEqual([]);
  expect(find("__proto__")).toBeUndefined();
});

test("a compromise counts before its date", () => {
  const statusReports = [{ status: "REVOKED", effectiveDate: "2099-01-01" }];
  const { find } = readModels({ ...payload, entries: [{ ...entry, statusReports }] });
  expect(find(AAGUID.toLowerCase())?.statuses(new Date())).toEqual(["REVOKED"]);
});

test("whatever a payload holds, it is read whole or refused", () => {
  const holes = fc.constantFrom("no", "nextUpdate", "entries", "aaguid", "metadataStatement", "statusReports");
  fc.assert(
    fc.property(holes, fc.jsonValue(), (member, value) => {
      const changed =
        member in payload ? { ...payload, [member]: value } : { ...payload, entries: [{ ...entry, [member]: value }] };
      try {
        const models = readModels(changed);
        expect(Number.isInteger(models.number)).toBe(true);
        expect(Number.isNaN(models.nextUpdate.getTime())).toBe(false);
        for (const status of models.find(AAGUID.toLowerCase())?.statuses(new Date()) ?? [])
          expect(status).toBeTypeOf("string");
      } catch (error) {
        expect(error).toHaveProperty("name", "ZodError");
      }
    }),
  );
});

test("no text is a BLOB that was signed", async () => {
  const part = fc.oneof(
    fc.base64String(),
    fc.json().map((text) => Buffer.from(text).toString("base64url")),
  );
  const x5c = fc.array(fc.base64String(), { maxLength: 3 });
  const header = fc
    .record({ alg: fc.constantFrom("none", "ES256", "RS256"), x5c })
    .map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
  const texts = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join(".")),
    fc.tuple(header, part, part).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(FIDO_ALLIANCE.signer, null), async (text, signer) => {
      await expect(verifyMetadataBlob(text, { ...FIDO_ALLIANCE, signer }, new Date())).rejects.toBeInstanceOf(Error);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void expect(() => readVerifiedBlob(text)).toThrow()));
});
