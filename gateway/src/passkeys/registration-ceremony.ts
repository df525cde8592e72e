import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { Identity } from "../sessions/session.ts";
import { challengeBytes, randomToken, takeChallenge } from "./ceremony.ts";
import type { ChallengeRecord, ChallengeStore } from "./challenge-store.ts";
import type { Credential } from "./credential.ts";
import type { Addition, CredentialStore } from "./credential-store.ts";
import { suggestName } from "./passkey-names.ts";
import { verifyRegistration } from "./registration-verifier.ts";
import { ALGORITHMS, type RelyingParty } from "./relying-party.ts";
import type { UserHandleStore } from "./user-handle-store.ts";

export type RegistrationDeps = {
  readonly relyingParty: RelyingParty;
  readonly challenges: ChallengeStore;
  readonly credentials: CredentialStore;
  readonly userHandles: UserHandleStore;
  readonly maxPerUser: number;
  readonly audit: AuditLog;
  readonly clock: Clock;
};

export type RegistrationStart = {
  readonly identity: Identity;
  /** Ids of the live sessions it is started with; one of them has to be there at the finish. */
  readonly sessionIds: readonly string[];
  readonly browserHash: string;
  /** A create without a dialog, after a sign-in by password: presence and verification may be absent. */
  readonly conditional: boolean;
};

export type RegistrationClaim = {
  readonly identityId: string;
  readonly sessionIds: readonly string[];
  readonly browserHash: string | null;
};

export type RegistrationCeremony = {
  /** Throws Problem passkey_limit_reached, OutageError. */
  readonly start: (
    start: RegistrationStart,
  ) => Promise<{ ceremonyId: string; options: PublicKeyCredentialCreationOptionsJSON }>;
  /** Spends the challenge. Throws Problem challenge_invalid, OutageError. */
  readonly take: (ceremonyId: string, claim: RegistrationClaim) => Promise<ChallengeRecord>;
  /** Throws Problem verification_failed, passkey_exists, passkey_limit_reached, challenge_invalid; OutageError. */
  readonly complete: (
    record: ChallengeRecord,
    made: {
      readonly identityId: string;
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

async function start(deps: RegistrationDeps, { identity, sessionIds, browserHash, conditional }: RegistrationStart) {
  const { relyingParty } = deps;
  const existing = await deps.credentials.listOf(identity.id);
  if (existing.length >= deps.maxPerUser) throw new Problem("passkey_limit_reached");
  const userHandle = await deps.userHandles.handleOf(identity.id);
  const userVerification = conditional ? "preferred" : relyingParty.userVerification;
  const challenge = randomToken();
  const options = await generateRegistrationOptions({
    rpName: relyingParty.name,
    rpID: relyingParty.id,
    userName: identity.email,
    userDisplayName: identity.name ?? identity.email,
    userID: challengeBytes(userHandle),
    challenge: challengeBytes(challenge),
    timeout: relyingParty.timeout,
    attestationType: "none",
    excludeCredentials: existing.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: "required", userVerification },
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  const ceremonyId = randomToken();
  await deps.challenges.put(ceremonyId, {
    kind: "registration",
    challenge,
    browserHash,
    identityId: identity.id,
    sessionIds: [...sessionIds],
    userVerification,
    userPresence: !conditional,
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
 * Registers passkeys (WebAuthn L3, 7.1) for people who are signed in: start, then take and complete.
 * Taking is a step of its own so that a finish with an unreadable credential spends its challenge, too.
 */
export function createRegistrationCeremony(deps: RegistrationDeps): RegistrationCeremony {
  return {
    start: (starting) => start(deps, starting),
    take: (ceremonyId, claim) => take(deps, ceremonyId, claim),
    complete: async (record, { identityId, response, name }) => {
      const verified = await verifyRegistration(deps.relyingParty, response, record);
      const credential: Credential = {
        ...verified,
        identityId,
        name: name ?? (await unusedName(deps, identityId, verified.aaguid)),
        createdAt: deps.clock(),
        lastUsedAt: null,
      };
      const outcome = await deps.credentials.add(credential, deps.maxPerUser);
      if (outcome !== "added") throw new Problem(REFUSALS[outcome]);
      deps.audit({ event: "passkey.registered", identityId, credentialId: credential.id });
      return credential;
    },
  };
}
