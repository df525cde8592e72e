import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPolicyDocument, type PolicyDocument, policyDocument, toPolicyDocument } from "./policy-document.ts";

const aaguids = fc.uniqueArray(fc.uuid(), { maxLength: 20 });

const documents: fc.Arbitrary<PolicyDocument> = fc.record({
  enforcement: fc.constantFrom("off", "prompt", "required"),
  user_verification: fc.constantFrom("required", "preferred"),
  resident_key: fc.constantFrom("required", "preferred", "discouraged"),
  authenticator_attachment: fc.constantFrom("any", "platform", "cross-platform"),
  attestation: fc.constantFrom("none", "direct", "enterprise"),
  require_certified: fc.boolean(),
  allowed_aaguids: aaguids,
  denied_aaguids: aaguids,
  allow_synced: fc.boolean(),
  max_passkeys_per_user: fc.integer({ min: 1, max: 100 }),
});

describe("the policy's document", () => {
  it("is the policy in other names, both ways", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(policyDocument.parse(document)).toEqual(document);
        expect(toPolicyDocument(fromPolicyDocument(document))).toEqual(document);
      }),
    );
  });

  it("is refused with any member of another kind", () => {
    const names = policyDocument.keyof().options;
    const strange = fc.oneof(
      fc.constant(null),
      fc.double({ min: 101 }),
      fc.string(),
      fc.array(fc.anything(), { minLength: 1 }),
    );
    fc.assert(
      fc.property(documents, fc.constantFrom(...names), strange, (document, name, value) => {
        const parsed = policyDocument.safeParse({ ...document, [name]: value });
        if (parsed.success) expect(parsed.data[name]).toEqual(value);
        else expect(parsed.error.issues.every(({ path }) => path[0] === name)).toBe(true);
      }),
    );
  });
});
