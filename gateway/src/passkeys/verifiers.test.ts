import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSoftwareAuthenticator } from "../../test/support/software-authenticator.ts";
import { firstPolicy } from "../policy/passkey-policy.ts";
import { verifyAuthentication } from "./authentication-verifier.ts";
import { randomToken } from "./ceremony.ts";
import { registrationOptions } from "./registration-options.ts";
import { verifyRegistration } from "./registration-verifier.ts";

const relyingParty = { id: "localhost", name: "Tests", origins: ["http://localhost:8080"], timeout: 300_000 };
const challenge = randomToken();
const userHandle = Buffer.alloc(64, 7).toString("base64url");
const refused = { code: "verification_failed" };

const options = await registrationOptions(relyingParty, firstPolicy(20), {
  challenge,
  user: { handle: userHandle, email: "ada@example.com", name: null },
  existing: [],
});
const encode = (data: Uint8Array) => Buffer.from(data).toString("base64url");
const bytes = fc.uint8Array({ maxLength: 400 }).map(encode);

/** A base64url text with one bit changed. */
function flip(text: string, at: number, bit: number): string {
  const data = Buffer.from(text, "base64url");
  const place = at % data.length;
  data[place] = (data[place] ?? 0) ^ (1 << bit);
  return encode(data);
}

describe("a registration", () => {
  const expected = { challenge, userVerification: "required", userPresence: true } as const;

  test.each(["none", "packed"])(
    "by a %s statement with a bit changed is refused, or still of its credential",
    async (format) => {
      const genuine = createSoftwareAuthenticator().register(options, { format });
      const { response } = genuine;
      await expect(verifyRegistration(relyingParty, genuine, expected)).resolves.toMatchObject({ id: genuine.id });
      const members = fc.constantFrom("attestationObject", "clientDataJSON");
      await fc.assert(
        fc.asyncProperty(members, fc.nat(), fc.nat(7), async (member, at, bit) => {
          const changed = { ...genuine, response: { ...response, [member]: flip(response[member], at, bit) } };
          const verdict = await verifyRegistration(relyingParty, changed, expected).catch((error: unknown) => error);
          expect(verdict).toMatchObject(verdict instanceof Error ? refused : { id: genuine.id });
        }),
        { numRuns: 300 },
      );
    },
  );

  test("of any bytes is refused, and is nothing else", async () => {
    const genuine = createSoftwareAuthenticator().register(options);
    await fc.assert(
      fc.asyncProperty(bytes, bytes, fc.boolean(), async (attestationObject, junk, ownData) => {
        const clientDataJSON = ownData ? genuine.response.clientDataJSON : junk;
        const response = { ...genuine.response, attestationObject, clientDataJSON };
        const verdict = verifyRegistration(relyingParty, { ...genuine, response }, expected);
        await expect(verdict).rejects.toMatchObject(refused);
      }),
    );
  });
});

describe("an assertion", () => {
  const authenticator = createSoftwareAuthenticator({ key: "eddsa" });
  const expected = { challenge, userVerification: "required", userHandle } as const;
  const start = { challenge, rpId: "localhost", allowCredentials: [] };
  const known = async () => {
    const made = authenticator.register(options);
    return verifyRegistration(relyingParty, made, { challenge, userVerification: "required", userPresence: true });
  };

  test("with a bit changed in anything that is signed, or in the signature, is refused", async () => {
    const credential = await known();
    const genuine = authenticator.authenticate(start);
    const { response } = genuine;
    await expect(verifyAuthentication(relyingParty, genuine, credential, expected)).resolves.toBeDefined();
    const members = fc.constantFrom("authenticatorData", "clientDataJSON", "signature");
    await fc.assert(
      fc.asyncProperty(members, fc.nat(), fc.nat(7), async (member, at, bit) => {
        const changed = { ...genuine, response: { ...response, [member]: flip(response[member], at, bit) } };
        await expect(verifyAuthentication(relyingParty, changed, credential, expected)).rejects.toMatchObject(refused);
      }),
      { numRuns: 300 },
    );
  });

  test("of any bytes is refused, and is nothing else", async () => {
    const credential = await known();
    const genuine = authenticator.authenticate(start);
    await fc.assert(
      fc.asyncProperty(bytes, bytes, fc.boolean(), async (authenticatorData, signature, ownSignature) => {
        const signed = ownSignature ? genuine.response.signature : signature;
        const response = { ...genuine.response, authenticatorData, signature: signed };
        const verdict = verifyAuthentication(relyingParty, { ...genuine, response }, credential, expected);
        await expect(verdict).rejects.toMatchObject(refused);
      }),
    );
  });
});
