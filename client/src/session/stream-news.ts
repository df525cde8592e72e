import type { Session } from "../client.ts";
import type { LatestPoll } from "./latest-poll.ts";
import type { SessionOutcome } from "./session-outcome.ts";
import type { SessionStore } from "./session-store.ts";

export type StreamNews = {
  /** Takes in what the stream told. */
  readonly hear: (session: Session, etag: string) => void;
  /** Whether a poll's answer is another than the stream told last: the stream may have been opened with old cookies. */
  readonly differs: (outcome: SessionOutcome) => boolean;
};

export type StreamNewsOptions = {
  readonly store: SessionStore;
  readonly poll: LatestPoll;
  readonly onNews: (outcome: SessionOutcome) => void;
};

/**
 * Brings what the stream tells and what polls answer together. A poll that is under way has the newer cookies, and its
 * answer counts; whatever the stream told meanwhile is asked once more where it is not the same.
 */
export function createStreamNews({ store, poll, onNews }: StreamNewsOptions): StreamNews {
  let told: string | undefined;
  let unheard = false;

  function hear(session: Session, etag: string): void {
    told = etag;
    unheard = poll.busy();
    if (unheard) return;
    const outcome = {
      kind: "answered",
      session,
      etag,
      askedAt: Math.max(Date.now(), store.known().askedAt + 1),
    } as const;
    store.learn(outcome);
    onNews(outcome);
  }

  function differs(outcome: SessionOutcome): boolean {
    const other = outcome.kind === "answered" && told !== undefined && outcome.etag !== told;
    const askAgain = unheard && other;
    unheard = false;
    if (askAgain) void poll.run();
    return other && !askAgain;
  }

  return { hear, differs };
}
