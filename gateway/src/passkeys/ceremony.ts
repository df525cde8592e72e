import { randomBytes } from "node:crypto";
import { Problem } from "../errors.ts";
import { sameText } from "../same-text.ts";
import type { ChallengeRecord, ChallengeStore } from "./challenge-store.ts";

const RANDOM_BYTES = 32;

/** 32 random bytes in base64url: a ceremony's id, a challenge, a browser's binding secret. */
export const randomToken = (): string => randomBytes(RANDOM_BYTES).toString("base64url");

/** The same 32 bytes for the library, which encodes a challenge itself. */
export const challengeBytes = (challenge: string) => new Uint8Array(Buffer.from(challenge, "base64url"));

/** What `finish` has to bring so that a record counts for it. */
export type CeremonyClaim = {
  readonly kind: ChallengeRecord["kind"];
  /** Null: the browser sent no binding secret. */
  readonly browserHash: string | null;
};

/**
 * Takes a ceremony's record, which is spent with that, whatever comes of the rest.
 * @throws Problem challenge_invalid: unknown, expired, used before, another browser's or another ceremony's.
 * @throws OutageError when the store cannot be asked.
 */
export async function takeChallenge(
  challenges: ChallengeStore,
  ceremonyId: string,
  claim: CeremonyClaim,
): Promise<ChallengeRecord> {
  const record = await challenges.take(ceremonyId);
  if (!record || record.kind !== claim.kind) throw new Problem("challenge_invalid");
  if (!claim.browserHash || !sameText(claim.browserHash, record.browserHash)) throw new Problem("challenge_invalid");
  return record;
}
