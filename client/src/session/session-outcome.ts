import { ApiError, type Client, type Session } from "../client.ts";

/** What one poll brought. `askedAt` orders the outcomes of all tabs: the answer to the later question counts. */
export type SessionOutcome =
  | {
      readonly kind: "answered";
      readonly session: Session;
      readonly etag: string | null;
      readonly askedAt: number;
    }
  | {
      /** It could not be decided: an outage, a limit, no network. Never "signed out". */
      readonly kind: "failed";
      readonly retryAfter: number | undefined;
      readonly askedAt: number;
    };

/** What is known so far; `session` is null until the first answer. */
export type Known = {
  readonly session: Session | null;
  readonly etag: string | null;
  /** Of the outcome last learnt; -Infinity before the first. */
  readonly askedAt: number;
  /** Failed polls since the last answer. */
  readonly failures: number;
  readonly retryAfter: number | undefined;
};

export const NOTHING_KNOWN: Known = {
  session: null,
  etag: null,
  askedAt: Number.NEGATIVE_INFINITY,
  failures: 0,
  retryAfter: undefined,
};

/**
 * Adds an outcome to what is known.
 * @returns the same object when the outcome is no news (its question is not later than the last one's); the same
 *   `session` object when the ETag is the same.
 */
export function learn(known: Known, outcome: SessionOutcome): Known {
  const { askedAt } = outcome;
  if (askedAt <= known.askedAt) return known;
  if (outcome.kind === "failed") {
    return { ...known, askedAt, failures: known.failures + 1, retryAfter: outcome.retryAfter };
  }
  const same = known.session !== null && outcome.etag !== null && outcome.etag === known.etag;
  const session = same ? known.session : outcome.session;
  return { session, etag: outcome.etag, askedAt, failures: 0, retryAfter: undefined };
}

/**
 * Asks the gateway once, conditionally.
 * @returns the outcome; null when the call was aborted.
 */
export async function askSession(
  client: Pick<Client, "pollSession">,
  known: Known,
  signal: AbortSignal,
): Promise<SessionOutcome | null> {
  // A clock set back must not make new answers look old.
  const askedAt = Math.max(Date.now(), known.askedAt + 1);
  try {
    const poll = await client.pollSession(known.session ? known.etag : null, { signal });
    if (poll.kind === "changed") return { kind: "answered", session: poll.session, etag: poll.etag, askedAt };
    if (known.session) return { kind: "answered", session: known.session, etag: known.etag, askedAt };
    return { kind: "failed", retryAfter: undefined, askedAt };
  } catch (error) {
    if (signal.aborted) return null;
    return { kind: "failed", retryAfter: error instanceof ApiError ? error.retryAfter : undefined, askedAt };
  }
}
