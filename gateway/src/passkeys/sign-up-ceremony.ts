import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { Identity } from "../sessions/session.ts";
import { type AcceptanceDeps, type AcceptedRegistration, acceptRegistration } from "./accept-registration.ts";
import { randomToken, takeChallenge } from "./ceremony.ts";
import type { ChallengeRecord, ChallengeStore } from "./challenge-store.ts";
import type { Credential } from "./credential.ts";
import type { CredentialStore } from "./credential-store.ts";
import { suggestName } from "./passkey-names.ts";
import { registrationOptions, registrationVerification } from "./registration-options.ts";
import { randomUserHandle, type UserHandleStore } from "./user-handle-store.ts";

export type SignUpDeps = AcceptanceDeps & {
  readonly challenges: ChallengeStore;
  readonly credentials: CredentialStore;
  readonly userHandles: UserHandleStore;
  readonly kratos: Pick<KratosClient, "createIdentity" | "deleteIdentity">;
};

export type SignUpStart = { readonly email: string; readonly name: string | null; readonly browserHash: string };

export type SignedUp = {
  readonly identity: Identity;
  readonly credential: Credential;
  readonly userVerified: boolean;
};

export type SignUpCeremony = {
  /** Asks nobody whether the address is known: the answer cannot tell. Throws OutageError. */
  readonly start: (
    start: SignUpStart,
  ) => Promise<{ ceremonyId: string; options: PublicKeyCredentialCreationOptionsJSON }>;
  /** Spends the challenge. Throws Problem challenge_invalid, OutageError. */
  readonly take: (ceremonyId: string, browserHash: string | null) => Promise<ChallengeRecord>;
  /** Makes the account. Throws Problem verification_failed, authenticator_not_allowed, account_exists, passkey_exists; OutageError. */
  readonly complete: (record: ChallengeRecord, response: RegistrationResponseJSON) => Promise<SignedUp>;
};

async function start(deps: SignUpDeps, { email, name, browserHash }: SignUpStart) {
  const policy = await deps.policy();
  const challenge = randomToken();
  const userHandle = randomUserHandle();
  const wish = { challenge, user: { handle: userHandle, email, name }, existing: [] };
  const options = await registrationOptions(deps.relyingParty, policy, wish);
  const ceremonyId = randomToken();
  await deps.challenges.put(ceremonyId, {
    kind: "sign_up",
    challenge,
    browserHash,
    identityId: null,
    sessionIds: [],
    userVerification: registrationVerification(policy),
    userPresence: true,
    policy,
    newcomer: { email, name, userHandle },
  });
  return { ceremonyId, options };
}

async function store(
  deps: SignUpDeps,
  identity: Identity,
  userHandle: string,
  accepted: AcceptedRegistration,
): Promise<SignedUp> {
  const { maxPasskeysPerUser, userVerified, ...proof } = accepted;
  const credential: Credential = {
    ...proof,
    identityId: identity.id,
    name: suggestName(proof.aaguid, []),
    addressProved: identity.emailVerified,
    createdAt: deps.clock(),
    lastUsedAt: null,
    lastUsedFrom: null,
  };
  await deps.userHandles.assign(identity.id, userHandle);
  const outcome = await deps.credentials.add(credential, maxPasskeysPerUser);
  if (outcome === "added") return { identity, credential, userVerified };
  throw new Problem(outcome === "exists" ? "passkey_exists" : "challenge_invalid");
}

/**
 * An account without a way in is taken back, so that the person can sign up again. Where that fails as well it stays,
 * with nothing that signs anyone in, and the recovery mail opens it for the address's owner.
 */
async function undo(deps: SignUpDeps, identityId: string): Promise<void> {
  const parts = await Promise.allSettled([deps.kratos.deleteIdentity(identityId), deps.userHandles.forget(identityId)]);
  if (parts.some(({ status }) => status === "rejected")) deps.audit({ event: "account.left_half_made", identityId });
}

async function complete(deps: SignUpDeps, record: ChallengeRecord, response: RegistrationResponseJSON) {
  if (!record.newcomer) throw new Problem("challenge_invalid");
  const { email, name, userHandle } = record.newcomer;
  const accepted = await acceptRegistration(deps, record, response, null);
  const identity = await deps.kratos.createIdentity({ email, name });
  if (!identity) throw new Problem("account_exists");
  try {
    const made = await store(deps, identity, userHandle, accepted);
    deps.audit({ event: "account.created", identityId: identity.id, credentialId: made.credential.id });
    return made;
  } catch (error) {
    await undo(deps, identity.id);
    throw error;
  }
}

/**
 * Signs people up by passkey (WebAuthn L3, 7.1): the account is made only after the attestation verified, without a
 * password and with the address unproved.
 */
export function createSignUpCeremony(deps: SignUpDeps): SignUpCeremony {
  return {
    start: (starting) => start(deps, starting),
    take: (ceremonyId, browserHash) => takeChallenge(deps.challenges, ceremonyId, { kind: "sign_up", browserHash }),
    complete: (record, response) => complete(deps, record, response),
  };
}
