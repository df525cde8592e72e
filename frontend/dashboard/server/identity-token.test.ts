import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createSigner, ISSUER, PERSON, type Signer } from "../test/support/signer.ts";
import { createTokenCheck } from "./identity-token.ts";

let signer: Signer;
let other: Signer;

beforeAll(async () => {
  [signer, other] = await Promise.all([createSigner(), createSigner()]);
});

function check(token: string | undefined, remoteUser: string | undefined = PERSON, keys?: JWTVerifyGetKey) {
  const ownKeys = createLocalJWKSet({ keys: [...signer.jwks.keys] });
  return createTokenCheck({ issuer: ISSUER, audience: ISSUER, keys: keys ?? ownKeys })(token, remoteUser);
}

const now = () => Math.floor(Date.now() / 1000);

describe("createTokenCheck", () => {
  it("verifies a token of the gateway", async () => {
    const answer = await check(await signer.sign());
    expect(answer).toMatchObject({ kind: "verified", keyId: signer.jwks.keys[0]?.kid });
    expect(answer).toMatchObject({ claims: { sub: PERSON, acr: "aal2" } });
  });

  it("tells a missing token from one that is refused", async () => {
    expect(await check(undefined)).toEqual({ kind: "missing" });
    expect(await check("")).toEqual({ kind: "missing" });
  });

  it.each([
    ["expired", { exp: 1 }, "expired", null],
    ["not valid yet", { nbf: now() + 600 }, "wrong_claim", "nbf"],
    ["of another issuer", { iss: "http://evil.example" }, "wrong_claim", "iss"],
    ["for another audience", { aud: "http://other.example" }, "wrong_claim", "aud"],
    ["without a session", { sid: undefined }, "wrong_claim", "sid"],
    ["that never expires", { exp: undefined }, "wrong_claim", "exp"],
    ["about somebody else", { sub: "somebody-else" }, "other_person", "sub"],
  ])("refuses one %s", async (_name, claims, fault, claim) => {
    expect(await check(await signer.sign(claims))).toEqual({ kind: "refused", fault, claim });
  });

  it("refuses one signed with a key that is not published", async () => {
    expect(await check(await other.sign())).toMatchObject({ kind: "refused", fault: "unknown_key" });
  });

  it("refuses one whose claims were changed", async () => {
    const [head, , signature] = (await signer.sign()).split(".");
    const forged = Buffer.from(JSON.stringify({ iss: ISSUER, sub: PERSON })).toString("base64url");
    expect(await check([head, forged, signature].join("."))).toMatchObject({ fault: "wrong_signature" });
  });

  it.each([
    ["no token at all", "junk"],
    ["an unsigned one", "eyJhbGciOiJub25lIn0.e30."],
    ["one under a shared secret", `${Buffer.from('{"alg":"HS256"}').toString("base64url")}.e30.c2ln`],
  ])("refuses %s", async (_name, token) => {
    expect(await check(token)).toMatchObject({ kind: "refused", fault: "malformed" });
  });

  it.each([
    ["time out", new errors.JWKSTimeout()],
    ["can't be fetched", new TypeError("fetch failed")],
  ])("says so when the keys %s", async (_name, error) => {
    const keys = () => Promise.reject(error);
    expect(await check(await signer.sign(), PERSON, keys)).toMatchObject({ fault: "keys_unreachable" });
  });
});
