import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { Problem } from "../errors.ts";
import { verifyAuthentication } from "../passkeys/authentication-verifier.ts";
import type { ChallengeRecord, ChallengeStore } from "../passkeys/challenge-store.ts";
import { verifyRegistration } from "../passkeys/registration-verifier.ts";
import { ALGORITHMS, type RelyingParty } from "../passkeys/relying-party.ts";
import { type ConformanceAccount, createConformanceAccounts } from "./conformance-accounts.ts";
import { createConformanceChallenges, type Verification } from "./conformance-challenges.ts";
import { createModelJudge, type ModelJudgeDeps } from "./model-judge.ts";

export type ConformanceDeps = ModelJudgeDeps & {
  readonly relyingParty: RelyingParty;
  readonly challenges: ChallengeStore;
};

export type AttestationWish = {
  readonly username: string;
  readonly displayName: string;
  readonly authenticatorSelection?: { readonly userVerification?: Verification | undefined } | undefined;
  readonly attestation: string;
  readonly extensions?: object | undefined;
};

export type AssertionWish = {
  readonly username: string;
  readonly userVerification: Verification;
  readonly extensions?: object | undefined;
};

const descriptorsOf = ({ credentials }: ConformanceAccount) =>
  [...credentials.keys()].map((id) => ({ type: "public-key", id }));

function unknownUser(): never {
  throw new Problem("not_found", { detail: "There is no such user." });
}

/**
 * The ceremonies of the product, its verifiers, challenges and limits, for users that the FIDO2 server conformance tool
 * makes up, in the shapes of its API.
 */
export function createConformanceCeremonies({ relyingParty, challenges, ...models }: ConformanceDeps) {
  const accounts = createConformanceAccounts();
  const { begin, end } = createConformanceChallenges(challenges);
  const { provesModel, refuseCompromised } = createModelJudge(models);
  const ending = async (kind: ChallengeRecord["kind"], clientDataJSON: string) => {
    const record = await end(kind, clientDataJSON);
    return { record, account: accounts.find(record.identityId ?? "") ?? unknownUser() };
  };
  const { id: rpId, name, timeout } = relyingParty;

  return {
    attestationOptions: async ({ username, displayName, attestation, ...wish }: AttestationWish) => {
      const account = accounts.of(username);
      const verification = wish.authenticatorSelection?.userVerification ?? "preferred";
      return {
        rp: { id: rpId, name },
        user: { id: account.userHandle, name: username, displayName },
        challenge: await begin("registration", username, verification),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        timeout,
        excludeCredentials: descriptorsOf(account),
        attestation,
        ...wish,
      };
    },
    attestationResult: async (response: RegistrationResponseJSON): Promise<undefined> => {
      const { record, account } = await ending("registration", response.response.clientDataJSON);
      const made = await verifyRegistration(relyingParty, response, record, provesModel);
      refuseCompromised(made);
      if (account.credentials.has(made.id)) throw new Problem("passkey_exists");
      account.credentials.set(made.id, made);
    },
    assertionOptions: async ({ username, userVerification, ...wish }: AssertionWish) => {
      const account = accounts.find(username) ?? unknownUser();
      const challenge = await begin("authentication", username, userVerification);
      return { challenge, timeout, rpId, allowCredentials: descriptorsOf(account), userVerification, ...wish };
    },
    assertionResult: async (response: AuthenticationResponseJSON): Promise<undefined> => {
      const { record, account } = await ending("authentication", response.response.clientDataJSON);
      const credential = account.credentials.get(response.id);
      if (!credential) throw new Problem("credential_unknown");
      const expected = { ...record, userHandle: account.userHandle, userHandleOptional: true };
      const { counter, backedUp } = await verifyAuthentication(relyingParty, response, credential, expected);
      if (counter <= credential.counter && (counter !== 0 || credential.counter !== 0))
        throw new Problem("verification_failed", { detail: "The signature counter did not rise." });
      account.credentials.set(credential.id, { ...credential, counter, backedUp });
    },
  };
}

export type ConformanceCeremonies = ReturnType<typeof createConformanceCeremonies>;
