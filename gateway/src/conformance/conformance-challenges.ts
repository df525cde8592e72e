import { z } from "zod";
import { Problem } from "../errors.ts";
import { randomToken, takeChallenge } from "../passkeys/ceremony.ts";
import type { ChallengeRecord, ChallengeStore } from "../passkeys/challenge-store.ts";

/** No browser's: a real ceremony holds a hash here, so that neither kind of challenge is ever good for the other. */
const NO_BROWSER = "conformance";

/** What the tool may ask for; "discouraged" is judged like "preferred" (WebAuthn L3, 7.2 step 17). */
export type Verification = "required" | "preferred" | "discouraged";

type Kind = ChallengeRecord["kind"];

const challengeOf = z.object({ challenge: z.string().min(1) });

/** The tool sends no ceremony's id; the client data's challenge is one. */
function readChallenge(clientDataJSON: string): string {
  try {
    return challengeOf.parse(JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"))).challenge;
  } catch (cause) {
    throw new Problem("invalid_request", { detail: "The client data have no challenge.", cause });
  }
}

/** Challenges of the product's store for the tool's users, by name. */
export function createConformanceChallenges(challenges: ChallengeStore) {
  return {
    /** A new challenge. Throws OutageError. */
    begin: async (kind: Kind, username: string, wanted: Verification): Promise<string> => {
      const challenge = randomToken();
      const userVerification = wanted === "required" ? "required" : "preferred";
      const about = { identityId: username, sessionIds: [], userPresence: true };
      await challenges.put(challenge, { kind, challenge, browserHash: NO_BROWSER, userVerification, ...about });
      return challenge;
    },
    /** Spends the challenge that the client data name. Throws Problem invalid_request, challenge_invalid; OutageError. */
    end: async (kind: Kind, clientDataJSON: string): Promise<ChallengeRecord> =>
      takeChallenge(challenges, readChallenge(clientDataJSON), { kind, browserHash: NO_BROWSER }),
  };
}
