import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { AddressProofStore } from "../accounts/address-proof-store.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import { mayStillSignIn } from "../policy/authenticator-rules.ts";
import type { CurrentPolicy } from "../policy/passkey-policy.ts";
import type { Identity } from "../sessions/session.ts";
import { type VerifiedAuthentication, verifyAuthentication } from "./authentication-verifier.ts";
import { challengeBytes, randomToken, takeChallenge } from "./ceremony.ts";
import type { ChallengeRecord, ChallengeStore } from "./challenge-store.ts";
import type { Credential, PlaceOfUse } from "./credential.ts";
import type { CredentialStore } from "./credential-store.ts";
import type { CredentialDescriptor } from "./decoy-credentials.ts";
import type { Identification } from "./identification.ts";
import type { RelyingParty } from "./relying-party.ts";

export type AuthenticationDeps = {
  readonly relyingParty: RelyingParty;
  readonly policy: CurrentPolicy;
  readonly challenges: ChallengeStore;
  readonly credentials: CredentialStore;
  readonly kratos: Pick<KratosClient, "findIdentity">;
  readonly isDecoy: Identification["isDecoy"];
  readonly proofs: Pick<AddressProofStore, "keeps">;
  readonly audit: AuditLog;
  readonly clock: Clock;
};

export type AuthenticationStart = {
  readonly browserHash: string;
  /** The one who may finish: who steps up, or who an e-mail named; null where it may be anyone. */
  readonly identityId: string | null;
  /** The credentials the authenticator may choose from; none: any discoverable one. */
  readonly allow: readonly CredentialDescriptor[];
};

export type Authenticated = {
  readonly identity: Identity;
  readonly credential: Credential;
  readonly userVerified: boolean;
};

export type AuthenticationCeremony = {
  /** Throws OutageError. */
  readonly start: (
    start: AuthenticationStart,
  ) => Promise<{ ceremonyId: string; options: PublicKeyCredentialRequestOptionsJSON }>;
  /** Spends the challenge. Throws Problem challenge_invalid, OutageError. */
  readonly take: (ceremonyId: string, browserHash: string | null) => Promise<ChallengeRecord>;
  /**
   * Throws Problem credential_unknown, verification_failed, authenticator_not_allowed, forbidden, passkeys_disabled;
   * OutageError.
   */
  readonly complete: (
    record: ChallengeRecord,
    response: AuthenticationResponseJSON,
    from: PlaceOfUse,
  ) => Promise<Authenticated>;
};

async function start(deps: AuthenticationDeps, { browserHash, identityId, allow }: AuthenticationStart) {
  const { id: rpID, timeout } = deps.relyingParty;
  const { userVerification } = await deps.policy();
  const challenge = randomToken();
  const options = await generateAuthenticationOptions({
    rpID,
    userVerification,
    timeout,
    challenge: challengeBytes(challenge),
    allowCredentials: allow.map(({ id, transports }) => ({ id, transports: [...transports] })),
  });
  const ceremonyId = randomToken();
  await deps.challenges.put(ceremonyId, {
    kind: "authentication",
    challenge,
    browserHash,
    identityId,
    sessionIds: [],
    userVerification,
    userPresence: true,
    listed: allow.length > 0,
  });
  return { ceremonyId, options };
}

/** By the policy of now: a model that is denied is denied at once. Asked after the signature, for its holder alone. */
async function requireAllowedModel(deps: AuthenticationDeps, { id, identityId, aaguid }: Credential): Promise<void> {
  if (mayStillSignIn(await deps.policy(), aaguid)) return;
  const detail = { reason: "authenticator_denied", aaguid };
  deps.audit({ event: "passkey.sign_in_refused", identityId, credentialId: id, detail });
  throw new Problem("authenticator_not_allowed", {
    detail: "This kind of authenticator is not allowed here any more. Sign in another way.",
  });
}

/**
 * Asked after the signature: only who holds the key learns that the account is closed. An identity Kratos does not know
 * is refused like a deactivated one and its credentials stay: a misdirected answer must not cost anybody a passkey.
 */
async function activeIdentity(deps: AuthenticationDeps, { id, identityId }: Credential): Promise<Identity> {
  const found = await deps.kratos.findIdentity(identityId);
  if (found?.active) return found.identity;
  const reason = found ? "identity_inactive" : "identity_gone";
  deps.audit({ event: "passkey.sign_in_refused", identityId, credentialId: id, detail: { reason } });
  throw new Problem("forbidden", { detail: "This account is closed." });
}

/** Told after the signature as well, and for the same reason. */
function refuseDisabled({ audit }: AuthenticationDeps, { id, identityId }: Credential): never {
  audit({
    event: "passkey.sign_in_refused",
    identityId,
    credentialId: id,
    detail: { reason: "passkeys_disabled" },
  });
  throw new Problem("passkeys_disabled");
}

/**
 * The last line against whoever signed up with another's address: once its owner has proved it, a passkey from before is
 * the owner's only if the proof said so.
 */
async function requireOwnCredential(deps: AuthenticationDeps, credential: Credential, { emailVerified }: Identity) {
  const { id, identityId, addressProved } = credential;
  if (addressProved || !emailVerified || (await deps.proofs.keeps(identityId))) return;
  await deps.credentials.remove(identityId, id, { keepLast: false });
  deps.audit({ event: "passkey.unproved_removed", identityId, credentialId: id });
  throw new Problem("credential_unknown");
}

async function recordUse(
  deps: AuthenticationDeps,
  credential: Credential,
  { counter, backedUp, from }: VerifiedAuthentication & { from: PlaceOfUse },
) {
  if (await deps.credentials.recordUse(credential.id, { counter, backedUp, from, usedAt: deps.clock() })) return;
  const current = await deps.credentials.find(credential.id);
  if (!current) throw new Problem("credential_unknown");
  deps.audit({
    event: "passkey.counter_step_back",
    identityId: credential.identityId,
    credentialId: credential.id,
    detail: { stored: current.counter, received: counter },
  });
  throw new Problem("verification_failed");
}

/** One that was made up is refused like one with a wrong signature, as which of the two it was would tell. */
const unknownCode = async (deps: AuthenticationDeps, credentialId: string) =>
  (await deps.isDecoy(credentialId)) ? "verification_failed" : "credential_unknown";

async function complete(
  deps: AuthenticationDeps,
  record: ChallengeRecord,
  response: AuthenticationResponseJSON,
  from: PlaceOfUse,
) {
  const found = await deps.credentials.findForSignIn(response.id);
  if (!found) throw new Problem(await unknownCode(deps, response.id));
  const { credential, userHandle, enabled } = found;
  if (record.identityId !== null && record.identityId !== credential.identityId)
    throw new Problem("verification_failed");
  const { challenge, userVerification } = record;
  const expected = { challenge, userVerification, userHandle, userHandleOptional: record.listed === true };
  const proof = await verifyAuthentication(deps.relyingParty, response, credential, expected);
  await requireAllowedModel(deps, credential);
  const identity = await activeIdentity(deps, credential);
  await requireOwnCredential(deps, credential, identity);
  if (!enabled) refuseDisabled(deps, credential);
  await recordUse(deps, credential, { ...proof, from });
  return { identity, credential, userVerified: proof.userVerified };
}

/**
 * Signs people in by passkey (WebAuthn L3, 7.2): start, then take and complete.
 * Taking is a step of its own so that a finish with an unreadable credential spends its challenge, too.
 */
export function createAuthenticationCeremony(deps: AuthenticationDeps): AuthenticationCeremony {
  return {
    start: (starting) => start(deps, starting),
    take: (ceremonyId, browserHash) =>
      takeChallenge(deps.challenges, ceremonyId, { kind: "authentication", browserHash }),
    complete: (record, response, from) => complete(deps, record, response, from),
  };
}
