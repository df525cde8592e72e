import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import type { SourceSession } from "../sessions/session.ts";
import { createIdentityTokens, type IdentityTokenKeys, type IdentityTokens } from "./identity-token.ts";

const PUBLIC_URL = new URL("https://app.example.com");
const START = new Date("2030-01-01T00:00:00.600Z");
const START_SECONDS = 1_893_456_000;

let keys: IdentityTokenKeys;
let now: Date;
let tokens: IdentityTokens;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  keys = {
    signing: { kid: "key-1", privateKey },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "key-1", alg: "ES256", use: "sig" }] },
  };
});

beforeEach(() => {
  now = START;
  tokens = createIdentityTokens({ publicUrl: PUBLIC_URL, keys: () => keys, clock: () => now });
});

const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const session = () => unifiedSession({ now: START });

describe("an identity token", () => {
  it("is what the contract says, and verifies with the published keys", async () => {
    const token = await tokens.tokenFor(session());
    const keySet = createLocalJWKSet({ keys: [...keys.jwks.keys] });
    const options = { issuer: "https://app.example.com", audience: "https://app.example.com", currentDate: later(1) };
    const { payload, protectedHeader } = await jwtVerify(token, keySet, { ...options, algorithms: ["ES256"] });
    expect(protectedHeader).toEqual({ alg: "ES256", kid: "key-1", typ: "JWT" });
    expect(payload).toEqual({
      iss: "https://app.example.com",
      aud: "https://app.example.com",
      sub: session().identity.id,
      sid: "passkey-session",
      email: "ada@example.com",
      email_verified: true,
      amr: ["swk", "user", "mfa"],
      acr: "aal2",
      auth_time: START_SECONDS,
      iat: START_SECONDS,
      nbf: START_SECONDS,
      exp: START_SECONDS + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("names the rule's audience", async () => {
    expect(decodeJwt(await tokens.tokenFor(session(), "https://reports.example.com")).aud).toBe(
      "https://reports.example.com",
    );
  });

  it("does not outlive its session", async () => {
    const token = await tokens.tokenFor({ ...session(), expiresAt: later(60) });
    expect(decodeJwt(token).exp).toBe(START_SECONDS + 60);
  });

  it("is used again until the last tenth of its life", async () => {
    const first = await tokens.tokenFor(session());
    now = later(269);
    expect(await tokens.tokenFor(session())).toBe(first);
    now = later(271);
    const second = await tokens.tokenFor(session());
    expect(decodeJwt(second)).toMatchObject({ iat: START_SECONDS + 271, exp: START_SECONDS + 571 });
    expect(decodeJwt(second).jti).not.toBe(decodeJwt(first).jti);
  });

  it("is signed once for requests that come together", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.tokenFor(session())));
    expect(new Set(all).size).toBe(1);
  });

  it("is signed anew where signing failed, and is there at once when it is there", async () => {
    const person = session();
    const { privateKey } = await generateKeyPair("ES384");
    const wrong = { ...keys, signing: { kid: "key-1", privateKey } };
    let current = wrong;
    tokens = createIdentityTokens({ publicUrl: PUBLIC_URL, keys: () => current, clock: () => now });
    await expect(tokens.tokenFor(person)).rejects.toThrow();
    current = keys;
    const token = await tokens.tokenFor(person);
    expect(tokens.tokenFor(person)).toBe(token);
  });

  it.each([
    ["another session", { passkey: { ...(session().passkey as SourceSession), id: "other" } }],
    ["a step-up", { authenticatedAt: later(5) }],
    ["another AAL", { aal: "aal1" as const }],
    ["a verified address", { identity: { emailVerified: false } }],
    ["another identity", { identity: { id: "other" } }],
  ])("is not reused for %s", async (_name, change) => {
    const first = await tokens.tokenFor(session());
    const { identity, ...rest } = { identity: {}, ...change };
    const changed = { ...session(), ...rest, identity: { ...session().identity, ...identity } };
    expect(await tokens.tokenFor(changed)).not.toBe(first);
  });

  it("names the session of the newest sign-in where both kinds are live", async () => {
    const passkey = session().passkey as SourceSession;
    const password: SourceSession = { ...passkey, kind: "password", id: "password-session", authenticatedAt: later(1) };
    const sid = async (both: Pick<ReturnType<typeof session>, "passkey" | "password">) =>
      decodeJwt(await tokens.tokenFor({ ...session(), ...both })).sid;
    expect(await sid({ passkey, password })).toBe("password-session");
    expect(await sid({ passkey: { ...passkey, authenticatedAt: later(2) }, password })).toBe("passkey-session");
    expect(await sid({ passkey: null, password })).toBe("password-session");
  });
});
