import type { AuthenticatedSession } from "../client.ts";
import { type Known, learn, NOTHING_KNOWN, type SessionOutcome } from "./session-outcome.ts";

export type SessionStatus = "loading" | "authenticated" | "anonymous" | "unknown";

/** What a page shows: a new object only when something in it changed. */
export type SessionState = {
  /** `loading` before the first answer, `unknown` when there is none because it could not be decided. */
  readonly status: SessionStatus;
  /** Null unless `status` is `authenticated`. The same object as long as the gateway's answer is the same. */
  readonly session: AuthenticatedSession | null;
  /** The last poll failed: this is the last known state, and it is being retried. */
  readonly stale: boolean;
  /** Asks now; resolves when the answer (or the failure) is in the state. Call it after a sign-in or sign-out. */
  readonly refresh: () => Promise<void>;
};

export type SessionStore = {
  readonly known: () => Known;
  readonly state: () => SessionState;
  /** Takes an outcome in and tells the listeners if the state changed; false when it was no news. */
  readonly learn: (outcome: SessionOutcome) => boolean;
  readonly listeners: Set<() => void>;
};

function statusOf({ session, failures }: Known): SessionStatus {
  if (session) return session.authenticated ? "authenticated" : "anonymous";
  return failures > 0 ? "unknown" : "loading";
}

/** Makes the state of one watcher. */
export function createSessionStore(refresh: () => Promise<void>): SessionStore {
  const listeners = new Set<() => void>();
  let known = NOTHING_KNOWN;
  let state: SessionState = { status: "loading", session: null, stale: false, refresh };

  function update(): void {
    const status = statusOf(known);
    const session = known.session?.authenticated ? known.session : null;
    const stale = known.failures > 0;
    if (status === state.status && session === state.session && stale === state.stale) return;
    state = { status, session, stale, refresh };
    for (const listener of [...listeners]) listener();
  }

  return {
    known: () => known,
    state: () => state,
    learn(outcome) {
      const before = known;
      known = learn(known, outcome);
      update();
      return known !== before;
    },
    listeners,
  };
}
