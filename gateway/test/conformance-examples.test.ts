import { createClient } from "redis";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createConformanceCeremonies } from "../src/conformance/conformance-ceremonies.ts";
import { type ChallengeStore, createRedisChallengeStore } from "../src/passkeys/challenge-store.ts";
import type { RelyingParty } from "../src/passkeys/relying-party.ts";

/** FIDO Alliance, "FIDO2: Conformance testing server API": the examples of both results, as they stand there. */
const ID = "LFdoCFJTyB82ZzSJUHc-c72yraRc_1mPvGX8ToE8su39xX26Jcqd31LUkKOS36FIAWgWl6itMKqmDvruha6ywA";
const ATTESTATION = {
  challenge: "NxyZopwVKbFl7EnnMae_5Fnir7QJ7QWp1UFUKjFHlfk",
  clientDataJSON:
    "eyJjaGFsbGVuZ2UiOiJOeHlab3B3VktiRmw3RW5uTWFlXzVGbmlyN1FKN1FXcDFVRlVLakZIbGZrIiwiY2xpZW50RXh0ZW5zaW9ucyI6e30sImhhc2hBbGdvcml0aG0iOiJTSEEtMjU2Iiwib3JpZ2luIjoiaHR0cDovL2xvY2FsaG9zdDozMDAwIiwidHlwZSI6IndlYmF1dGhuLmNyZWF0ZSJ9",
  attestationObject:
    "o2NmbXRoZmlkby11MmZnYXR0U3RtdKJjc2lnWEcwRQIgVzzvX3Nyp_g9j9f2B-tPWy6puW01aZHI8RXjwqfDjtQCIQDLsdniGPO9iKr7tdgVV-FnBYhvzlZLG3u28rVt10YXfGN4NWOBWQJOMIICSjCCATKgAwIBAgIEVxb3wDANBgkqhkiG9w0BAQsFADAuMSwwKgYDVQQDEyNZdWJpY28gVTJGIFJvb3QgQ0EgU2VyaWFsIDQ1NzIwMDYzMTAgFw0xNDA4MDEwMDAwMDBaGA8yMDUwMDkwNDAwMDAwMFowLDEqMCgGA1UEAwwhWXViaWNvIFUyRiBFRSBTZXJpYWwgMjUwNTY5MjI2MTc2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZNkcVNbZV43TsGB4TEY21UijmDqvNSfO6y3G4ytnnjP86ehjFK28-FdSGy9MSZ-Ur3BVZb4iGVsptk5NrQ3QYqM7MDkwIgYJKwYBBAGCxAoCBBUxLjMuNi4xLjQuMS40MTQ4Mi4xLjUwEwYLKwYBBAGC5RwCAQEEBAMCBSAwDQYJKoZIhvcNAQELBQADggEBAHibGMqbpNt2IOL4i4z96VEmbSoid9Xj--m2jJqg6RpqSOp1TO8L3lmEA22uf4uj_eZLUXYEw6EbLm11TUo3Ge-odpMPoODzBj9aTKC8oDFPfwWj6l1O3ZHTSma1XVyPqG4A579f3YAjfrPbgj404xJns0mqx5wkpxKlnoBKqo1rqSUmonencd4xanO_PHEfxU0iZif615Xk9E4bcANPCfz-OLfeKXiT-1msixwzz8XGvl2OTMJ_Sh9G9vhE-HjAcovcHfumcdoQh_WM445Za6Pyn9BZQV3FCqMviRR809sIATfU5lu86wu_5UGIGI7MFDEYeVGSqzpzh6mlcn8QSIZoYXV0aERhdGFYxEmWDeWIDoxodDQXD2R2YFuP5K65ooYyx5lc87qDHZdjQQAAAAAAAAAAAAAAAAAAAAAAAAAAAEAsV2gIUlPIHzZnNIlQdz5zvbKtpFz_WY-8ZfxOgTyy7f3Ffbolyp3fUtSQo5LfoUgBaBaXqK0wqqYO-u6FrrLApQECAyYgASFYIPr9-YH8DuBsOnaI3KJa0a39hyxh9LDtHErNvfQSyxQsIlgg4rAuQQ5uy4VXGFbkiAt0uwgJJodp-DymkoBcrGsLtkI",
};
const ASSERTION = {
  challenge: "xdj0CBfX692qsATpy0kNc8533JdvdLUpqYP8wDTX_ZE",
  authenticatorData: "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MBAAAAAA",
  signature: "MEYCIQCv7EqsBRtf2E4o_BjzZfBwNpP8fLjd5y6TUOLWt5l9DQIhANiYig9newAJZYTzG1i5lwP-YQk9uXFnnDaHnr2yCKXL",
  clientDataJSON:
    "eyJjaGFsbGVuZ2UiOiJ4ZGowQ0JmWDY5MnFzQVRweTBrTmM4NTMzSmR2ZExVcHFZUDh3RFRYX1pFIiwiY2xpZW50RXh0ZW5zaW9ucyI6e30sImhhc2hBbGdvcml0aG0iOiJTSEEtMjU2Iiwib3JpZ2luIjoiaHR0cDovL2xvY2FsaG9zdDozMDAwIiwidHlwZSI6IndlYmF1dGhuLmdldCJ9",
};
const RELYING_PARTY: RelyingParty = {
  id: "localhost",
  name: "Example Corporation",
  origins: ["http://localhost:3000"],
  timeout: 10_000,
};

const redis = createClient({ url: inject("stack").redisUrl });
beforeAll(async () => {
  await redis.connect();
});
afterAll(() => redis.destroy());

/** The product's store, but that it gives the example's challenge instead of its own. */
function withChallenge(store: ChallengeStore, challenge: () => string): ChallengeStore {
  return { ...store, put: (_id, record) => store.put(challenge(), { ...record, challenge: challenge() }) };
}

const credential = { id: ID, rawId: ID, type: "public-key", clientExtensionResults: {} } as const;

it("the API's own examples of an attestation and an assertion are verified, each once", async () => {
  let challenge = ATTESTATION.challenge;
  const challenges = withChallenge(createRedisChallengeStore(redis, 60_000), () => challenge);
  const tool = createConformanceCeremonies({
    relyingParty: RELYING_PARTY,
    challenges,
    findModel: () => undefined,
    clock: () => new Date(),
  });
  const username = "johndoe@example.com";

  await tool.attestationOptions({ username, displayName: "John Doe", attestation: "direct" });
  const { clientDataJSON, attestationObject } = ATTESTATION;
  const attested = { ...credential, response: { clientDataJSON, attestationObject } };
  await tool.attestationResult(attested);
  await expect(tool.attestationResult(attested)).rejects.toMatchObject({ code: "challenge_invalid" });

  challenge = ASSERTION.challenge;
  const options = await tool.assertionOptions({ username, userVerification: "preferred" });
  expect(options.allowCredentials).toEqual([{ type: "public-key", id: ID }]);
  const { challenge: _sent, ...response } = ASSERTION;
  await tool.assertionResult({ ...credential, response });
  await expect(tool.assertionResult({ ...credential, response })).rejects.toMatchObject({ code: "challenge_invalid" });
});
