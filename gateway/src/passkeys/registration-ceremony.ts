import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { OutageError, Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { PasskeyPolicy } from "../policy/passkey-policy.ts";
import type { Identity } from "../sessions/session.ts";
import { type AcceptanceDeps, acceptRegistration } from "./accept-registration.ts";
import { randomToken, takeChallenge } from "./ceremony.ts";
import type { ChallengeRecord, ChallengeStore } from "./challenge-store.ts";
import type { Credential } from "./credential.ts";
import type { Addition, CredentialStore } from "./credential-store.ts";
import { suggestName } from "./passkey-names.ts";
import { type PasskeyHint, registrationOptions, registrationVerification } from "./registration-options.ts";
import type { UserHandleStore } from "./user-handle-store.ts";

export type RegistrationDeps = AcceptanceDeps & {
  readonly challenges: ChallengeStore;
  readonly credentials: CredentialStore;
  readonly userHandles: UserHandleStore;
  readonly kratos: Pick<KratosClient, "findIdentity">;
};

export type RegistrationStart = {
  readonly identity: Identity;
  /** Ids of the live sessions it is started with; one of them has to be there at the finish. */
  readonly sessionIds: readonly string[];
  readonly browserHash: string;
  /** A create without a dialog, after a sign-in by password: presence and verification may be absent. */
  readonly conditional: boolean;
  readonly hint?: PasskeyHint | undefined;
};

export type RegistrationClaim = {
  readonly identityId: string;
  readonly sessionIds: readonly string[];
  readonly browserHash: string | null;
};

export type RegistrationCeremony = {
  /** Throws Problem passkey_limit_reached, authenticator_not_allowed; OutageError. */
  readonly start: (
    start: RegistrationStart,
  ) => Promise<{ ceremonyId: string; options: PublicKeyCredentialCreationOptionsJSON }>;
  /** Spends the challenge. Throws Problem challenge_invalid, OutageError. */
  readonly take: (ceremonyId: string, claim: RegistrationClaim) => Promise<ChallengeRecord>;
  /**
   * Throws Problem verification_failed, authenticator_not_allowed, passkey_exists, passkey_limit_reached,
   * challenge_invalid; OutageError.
   */
  readonly complete: (
    record: ChallengeRecord,
    made: {
      readonly identityId: string;
      /** As the session knows it. */
      readonly emailVerified: boolean;
      readonly response: RegistrationResponseJSON;
      readonly name: string | undefined;
    },
  ) => Promise<Credential>;
};

const REFUSALS = {
  exists: "passkey_exists",
  limit_reached: "passkey_limit_reached",
  // The user handle went with its identity while the dialog was open.
  owner_unknown: "challenge_invalid",
} as const satisfies Record<Exclude<Addition, "added">, string>;

/** A browser adds a passkey by itself without a statement of the authenticator's make, so such a create would fail late. */
function refuseUnprovable({ attestation }: PasskeyPolicy): void {
  if (attestation === "none") return;
  throw new Problem("authenticator_not_allowed", {
    detail: "Here the make of an authenticator has to be verified: add the passkey yourself.",
  });
}

async function start(deps: RegistrationDeps, starting: RegistrationStart) {
  const { identity, sessionIds, browserHash, conditional, hint } = starting;
  const policy = await deps.policy();
  if (conditional) refuseUnprovable(policy);
  const existing = await deps.credentials.listOf(identity.id);
  if (existing.length >= policy.maxPasskeysPerUser) throw new Problem("passkey_limit_reached");
  const handle = await deps.userHandles.handleOf(identity.id);
  const challenge = randomToken();
  const user = { handle, email: identity.email, name: identity.name };
  const wish = { challenge, user, existing, hint, conditional };
  const options = await registrationOptions(deps.relyingParty, policy, wish);
  const ceremonyId = randomToken();
  await deps.challenges.put(ceremonyId, {
    kind: "registration",
    challenge,
    browserHash,
    identityId: identity.id,
    sessionIds: [...sessionIds],
    userVerification: registrationVerification(policy, conditional),
    userPresence: !conditional,
    policy,
  });
  return { ceremonyId, options };
}

async function take(deps: RegistrationDeps, ceremonyId: string, claim: RegistrationClaim): Promise<ChallengeRecord> {
  const { browserHash } = claim;
  const record = await takeChallenge(deps.challenges, ceremonyId, { kind: "registration", browserHash });
  const sameSession = record.sessionIds.some((id) => claim.sessionIds.includes(id));
  if (record.identityId !== claim.identityId || !sameSession) throw new Problem("challenge_invalid");
  return record;
}

/** A name for a passkey whose owner gave none, told apart from the owner's others. */
async function unusedName({ credentials }: RegistrationDeps, identityId: string, aaguid: string): Promise<string> {
  const others = await credentials.listOf(identityId);
  return suggestName(
    aaguid,
    others.map((other) => other.name),
  );
}

/**
 * A session's word may be half a minute old, and a passkey marked as unproved by mistake would be refused later. It counts
 * while Kratos cannot be asked: no passkey is worth less than one that was made and could not be kept.
 */
async function isVerifiedByNow({ kratos }: RegistrationDeps, identityId: string): Promise<boolean> {
  try {
    return (await kratos.findIdentity(identityId))?.identity.emailVerified ?? false;
  } catch (error) {
    if (error instanceof OutageError) return false;
    throw error;
  }
}

/**
 * Registers passkeys (WebAuthn L3, 7.1) for people who are signed in: start, then take and complete.
 * Taking is a step of its own so that a finish with an unreadable credential spends its challenge, too.
 */
export function createRegistrationCeremony(deps: RegistrationDeps): RegistrationCeremony {
  return {
    start: (starting) => start(deps, starting),
    take: (ceremonyId, claim) => take(deps, ceremonyId, claim),
    complete: async (record, { identityId, emailVerified, response, name }) => {
      const { maxPasskeysPerUser, ...verified } = await acceptRegistration(deps, record, response, identityId);
      const credential: Credential = {
        ...verified,
        identityId,
        addressProved: emailVerified || (await isVerifiedByNow(deps, identityId)),
        name: name ?? (await unusedName(deps, identityId, verified.aaguid)),
        createdAt: deps.clock(),
        lastUsedAt: null,
        lastUsedFrom: null,
      };
      const outcome = await deps.credentials.add(credential, maxPasskeysPerUser);
      if (outcome !== "added") throw new Problem(REFUSALS[outcome]);
      deps.audit({ event: "passkey.registered", identityId, credentialId: credential.id });
      return credential;
    },
  };
}
