import { describe, expect, test } from "vitest";
import { type AuthenticatorFacts, authenticatorRefusal, mayStillSignIn } from "./authenticator-rules.ts";
import { firstPolicy, type PasskeyPolicy } from "./passkey-policy.ts";

const KEY = "cb69481e-8ff7-4039-93ec-0a2729a154a8";
const OTHER = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
const ZERO = "00000000-0000-0000-0000-000000000000";

const rules = (changes: Partial<PasskeyPolicy>) => ({ ...firstPolicy(20), ...changes });
const facts = (changes: Partial<AuthenticatorFacts>): AuthenticatorFacts => ({
  aaguid: KEY,
  synced: false,
  attestation: "none",
  statuses: [],
  ...changes,
});

describe("a policy lets on", () => {
  test.each<[string, Partial<PasskeyPolicy>, Partial<AuthenticatorFacts>]>([
    ["anything at first", {}, { aaguid: ZERO, synced: true }],
    ["a model it names", { allowedAaguids: [OTHER, KEY] }, {}],
    ["a model it does not deny", { deniedAaguids: [OTHER] }, {}],
    ["a passkey of one device where none may be synced", { allowSynced: false }, {}],
    ["a verified make where it is asked for", { attestation: "direct" }, { attestation: "verified" }],
    ["a verified make for an enterprise", { attestation: "enterprise" }, { attestation: "verified" }],
    [
      "a certified model",
      { attestation: "direct", requireCertified: true },
      { attestation: "verified", statuses: ["NOT_FIDO_CERTIFIED", "FIDO_CERTIFIED_L1plus"] },
    ],
    [
      "a model whose update is out",
      { attestation: "direct" },
      { attestation: "verified", statuses: ["UPDATE_AVAILABLE"] },
    ],
  ])("%s", (_what, policy, made) => {
    expect(authenticatorRefusal(rules(policy), facts(made))).toBeNull();
  });
});

describe("a policy refuses", () => {
  test.each<[string, Partial<PasskeyPolicy>, Partial<AuthenticatorFacts>, RegExp]>([
    ["a denied model", { deniedAaguids: [KEY] }, {}, /not allowed here/],
    ["a denied model though it is allowed", { deniedAaguids: [KEY], allowedAaguids: [KEY] }, {}, /not allowed here/],
    ["a model that is not among the allowed", { allowedAaguids: [OTHER] }, {}, /not among/],
    ["no model where some are allowed", { allowedAaguids: [OTHER] }, { aaguid: ZERO }, /not among/],
    ["no model though it is named", { allowedAaguids: [ZERO] }, { aaguid: ZERO }, /not among/],
    ["a synced passkey", { allowSynced: false }, { synced: true }, /synced/],
    ["no statement where one is asked for", { attestation: "direct" }, {}, /could not be verified/],
    ["an unverified one", { attestation: "enterprise" }, { attestation: "unverified" }, /could not be verified/],
    [
      "a model without certification",
      { attestation: "direct", requireCertified: true },
      { attestation: "verified", statuses: ["NOT_FIDO_CERTIFIED"] },
      /certification/,
    ],
    ["a certification nobody proved", { requireCertified: true }, { statuses: ["FIDO_CERTIFIED"] }, /certification/],
  ])("%s", (_what, policy, made, because) => {
    expect(authenticatorRefusal(rules(policy), facts(made))).toMatch(because);
  });

  test.each([
    "REVOKED",
    "USER_VERIFICATION_BYPASS",
    "ATTESTATION_KEY_COMPROMISE",
    "USER_KEY_REMOTE_COMPROMISE",
    "USER_KEY_PHYSICAL_COMPROMISE",
  ])("a model that is %s, whatever it was certified", (status) => {
    const made = facts({ attestation: "verified", statuses: [status, "FIDO_CERTIFIED_L3"] });
    expect(authenticatorRefusal(rules({}), made)).toMatch(/compromised/);
    expect(authenticatorRefusal(rules({ attestation: "direct", requireCertified: true }), made)).toMatch(/compromised/);
  });
});

test("a registered passkey signs in until its model is denied", () => {
  expect(mayStillSignIn(rules({ allowedAaguids: [OTHER] }), KEY)).toBe(true);
  expect(mayStillSignIn(rules({ deniedAaguids: [KEY] }), KEY)).toBe(false);
});
