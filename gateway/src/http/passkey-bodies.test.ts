import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../errors.ts";
import {
  loginFinishBody,
  loginStartBody,
  readCeremonyId,
  readCredentialId,
  registerFinishBody,
  renameBody,
} from "./passkey-bodies.ts";
import { readBody } from "./request-body.ts";

const bytes = (length: number) => randomBytes(length).toString("base64url");
const id = bytes(32);

const registration = (changes: object = {}, response: object = {}) => ({
  credential: {
    id,
    rawId: id,
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
    response: {
      clientDataJSON: bytes(100),
      attestationObject: bytes(200),
      transports: ["internal", "hybrid"],
      publicKey: bytes(90),
      publicKeyAlgorithm: -7,
      ...response,
    },
    ...changes,
  },
});

const assertion = (changes: object = {}, response: object = {}) => ({
  credential: {
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: bytes(100),
      authenticatorData: bytes(37),
      signature: bytes(70),
      userHandle: bytes(64),
      ...response,
    },
    ...changes,
  },
});

const refused = expect.objectContaining({ code: "invalid_request" });

describe("a registration's finish", () => {
  test("keeps what the verifier reads", () => {
    const body = registration();
    const { clientDataJSON, attestationObject } = body.credential.response;
    expect(readBody(registerFinishBody, { ...body, name: "  My key " })).toEqual({
      name: "My key",
      credential: {
        id,
        rawId: id,
        type: "public-key",
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject, transports: ["hybrid", "internal"] },
      },
    });
  });

  test.each([
    ["no list", undefined, []],
    ["unknown names", ["smart-card", "telepathy", "telepathy"], ["smart-card", "telepathy"]],
    ["an empty list", [], []],
  ])("takes %s of transports", (_what, transports, kept) => {
    const { credential } = readBody(registerFinishBody, registration({}, { transports }));
    expect(credential.response.transports).toEqual(kept);
  });

  test.each([
    ["transports that are no list", {}, { transports: "usb" }],
    ["a transport that is no text", {}, { transports: ["usb", 7] }],
    ["a transport that cannot be one", {}, { transports: ["<script>"] }],
    ["a long transport", {}, { transports: ["x".repeat(33)] }],
    ["too many transports", {}, { transports: Array.from({ length: 17 }, (_, index) => `t${index}`) }],
    ["another type", { type: "password" }, {}],
    ["no type", { type: undefined }, {}],
    ["id and rawId that differ", { rawId: bytes(32) }, {}],
    ["an empty id", { id: "", rawId: "" }, {}],
    ["an id over 1023 bytes", { id: bytes(1024), rawId: bytes(1024) }, {}],
    ["a padded id", { id: "QQ==", rawId: "QQ==" }, {}],
    ["an id with stray bits", { id: "QR", rawId: "QR" }, {}],
    ["an id that is a number", { id: 7, rawId: 7 }, {}],
    ["huge client data", {}, { clientDataJSON: bytes(4_097) }],
    ["client data that are an object", {}, { clientDataJSON: {} }],
    ["a huge attestation", {}, { attestationObject: bytes(32_769) }],
    ["no attestation", {}, { attestationObject: undefined }],
    ["no response", { response: null }, {}],
    ["extension results that are no object", { clientExtensionResults: "x" }, {}],
  ])("refuses %s", (_what, changes, response) => {
    expect(() => readBody(registerFinishBody, registration(changes, response))).toThrow(refused);
  });
});

describe("an assertion's finish", () => {
  test("takes an id of 1023 bytes, and leaves a missing user handle to the verifier", () => {
    const long = bytes(1_023);
    const body = assertion({ id: long, rawId: long }, { userHandle: null });
    const { credential } = readBody(loginFinishBody, body);
    expect(credential.id).toBe(long);
    expect(credential.response).not.toHaveProperty("userHandle");
  });

  test.each([
    ["a signature that is no base64url", {}, { signature: "???" }],
    ["no signature", {}, { signature: undefined }],
    ["a huge signature", {}, { signature: bytes(1_025) }],
    ["huge authenticator data", {}, { authenticatorData: bytes(4_097) }],
    ["a user handle over 64 bytes", {}, { userHandle: bytes(65) }],
    ["an empty user handle", {}, { userHandle: "" }],
  ])("refuses %s", (_what, changes, response) => {
    expect(() => readBody(loginFinishBody, assertion(changes, response))).toThrow(refused);
  });

  test("whatever a member is replaced by, it is read or refused", () => {
    const whole = assertion();
    const members = ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"];
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
        try {
          readBody(loginFinishBody, { credential: { ...whole.credential, [member]: value } });
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect(error).toMatchObject({ code: "invalid_request" });
        }
      }),
    );
  });
});

test.each([
  [{ username: "a@example.com", step_up: true }, true],
  [{}, true],
  [{ username: "no address" }, false],
  [{ username: `${"a".repeat(250)}@example.com` }, false],
  [{ username: { $ne: null } }, false],
  [{ step_up: "true" }, false],
])("a login's start %j", (body, fits) => {
  expect(loginStartBody.safeParse(body).success).toBe(fits);
});

test.each([
  ["Key", "Key"],
  ["🔑".repeat(100), "🔑".repeat(100)],
  ["e\u0301", "\u00e9"],
])("the name %j is kept", (name, kept) => {
  expect(readBody(renameBody, { name }).name).toBe(kept);
});

test.each(["", "   ", "x".repeat(101), "a\u0000b", "a\nb", "\ud800", 7, null, undefined, ["a"]])(
  "the name %j is refused",
  (name) => {
    expect(() => readBody(renameBody, { name })).toThrow(refused);
  },
);

test("the ceremony's id is read whatever stands beside it", () => {
  expect(readCeremonyId(JSON.parse(`{"ceremony_id":"${id}","credential":{"__proto__":1}}`))).toBe(id);
  for (const body of [undefined, null, [], "x", {}, { ceremony_id: 7 }, { ceremony_id: "a b" }, { ceremony_id: "" }]) {
    expect(() => readCeremonyId(body)).toThrow(refused);
  }
});

test("a credential id in a path is read or none", () => {
  expect(readCredentialId(id)).toBe(id);
  for (const text of ["..", "a b", "QQ==", "", undefined, ["a"]]) expect(readCredentialId(text)).toBeNull();
});
