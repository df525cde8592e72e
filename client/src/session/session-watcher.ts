import { createLatestPoll } from "./latest-poll.ts";
import { askSession, type SessionOutcome } from "./session-outcome.ts";
import { createSessionStore, type SessionState } from "./session-store.ts";
import { startWatch, type Watch, type WatchedClient, type WatchOptions } from "./shared-watch.ts";

export type { SessionState, SessionStatus } from "./session-store.ts";
export type { WatchOptions } from "./shared-watch.ts";

export type SessionWatcher = {
  readonly state: () => SessionState;
  /** Calls back after each change of the state; the first listener starts the watch, the last one to leave ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly refresh: () => Promise<void>;
};

/**
 * Watches the session: in one visible tab for all of them, not at all in hidden ones. That tab listens to
 * GET /api/auth/events; where that is not to be had it polls GET /api/auth/session with its ETag, less and less often
 * while it cannot be decided. An outage keeps the last known state and marks it stale. Nothing is asked before the
 * first listener.
 */
export function watchSession(client: WatchedClient, options: WatchOptions = {}): SessionWatcher {
  const store = createSessionStore(refresh);
  const poll = createLatestPoll((signal) => askSession(client, store.known(), signal), onOutcome);
  let watch: Watch | undefined;

  function refresh(): Promise<void> {
    return poll.run();
  }

  function onOutcome(outcome: SessionOutcome): void {
    store.learn(outcome);
    watch?.tell(outcome);
  }

  function subscribe(listener: () => void): () => void {
    store.listeners.add(listener);
    watch ??= startWatch({ store, poll, client, options });
    return () => {
      store.listeners.delete(listener);
      if (store.listeners.size > 0) return;
      watch?.stop();
      watch = undefined;
    };
  }

  return { state: store.state, subscribe, refresh };
}
