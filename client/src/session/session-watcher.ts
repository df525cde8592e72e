import type { Client } from "../client.ts";
import { createLatestPoll } from "./latest-poll.ts";
import { POLL_TIMES, type PollTimes, pollDelay } from "./poll-delay.ts";
import { askSession, type SessionOutcome } from "./session-outcome.ts";
import { createSessionStore, type SessionState, type SessionStore } from "./session-store.ts";
import { browserTab, type Tab } from "./tab.ts";
import { createTabGroup, type TabGroup } from "./tab-group.ts";

export type { SessionState, SessionStatus } from "./session-store.ts";

export type WatchOptions = Partial<PollTimes> & {
  /** Tabs that watch under the same name share their polls. */
  name?: string;
  tab?: Tab;
  /** A number from 0 to 1, spreading retries. */
  random?: () => number;
};

export type SessionWatcher = {
  readonly state: () => SessionState;
  /** Calls back after each change of the state; the first listener starts the polling, the last one to leave ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly refresh: () => Promise<void>;
};

type Message = { readonly type: "hello" } | { readonly type: "outcome"; readonly outcome: SessionOutcome };

/** How much later than the leader another tab polls by itself, should the leader have fallen silent. */
const FOLLOWER_GRACE = 3_000;
/** An answer this young is handed to a tab that says hello; an older one is asked anew. */
const FRESH = 1_000;

/**
 * Watches GET /api/auth/session by polling with its ETag: in one visible tab for all of them, not at all in hidden ones,
 * at once when a tab is seen again or the network is back, less and less often while it cannot be decided. An outage
 * keeps the last known state and marks it stale. Nothing is asked before the first listener.
 */
export function watchSession(client: Pick<Client, "pollSession">, options: WatchOptions = {}): SessionWatcher {
  const store = createSessionStore(refresh);
  const poll = createLatestPoll((signal) => askSession(client, store.known(), signal), onOutcome);
  let polling: Polling | undefined;

  function refresh(): Promise<void> {
    return poll.run();
  }

  function onOutcome(outcome: SessionOutcome): void {
    store.learn(outcome);
    polling?.tell(outcome);
  }

  function subscribe(listener: () => void): () => void {
    store.listeners.add(listener);
    polling ??= startPolling({ store, poll, options });
    return () => {
      store.listeners.delete(listener);
      if (store.listeners.size > 0) return;
      polling?.stop();
      polling = undefined;
    };
  }

  return { state: store.state, subscribe, refresh };
}

type Polling = { readonly tell: (outcome: SessionOutcome) => void; readonly stop: () => void };

type PollingParts = { store: SessionStore; poll: ReturnType<typeof createLatestPoll>; options: WatchOptions };

function startPolling({ store, poll, options }: PollingParts): Polling {
  const { name = "passbridge-session", tab = browserTab(), random = Math.random } = options;
  const times = { ...POLL_TIMES, ...options };
  const group: TabGroup<Message> = createTabGroup<Message>({ name, tab, onLead: schedule, onMessage });
  const stopListening = tab.onWake(wake);
  let due = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: SessionOutcome | undefined;

  function schedule(): void {
    clearTimeout(timer);
    if (!tab.visible()) return;
    timer = setTimeout(tick, Math.max(0, due - Date.now()) + (group.leading() ? 0 : FOLLOWER_GRACE));
  }

  function tick(): void {
    if (!poll.busy()) void poll.run();
  }

  function settle(outcome: SessionOutcome): void {
    last = outcome;
    due = Date.now() + pollDelay(store.known(), times, random());
    schedule();
  }

  function onMessage(message: Message): void {
    if (message.type === "outcome") {
      if (store.learn(message.outcome)) settle(message.outcome);
    } else if (group.leading() && !poll.busy()) {
      if (last && Date.now() - last.askedAt < FRESH) group.post({ type: "outcome", outcome: last });
      else tick();
    }
  }

  function wake(): void {
    due = Date.now();
    schedule();
    if (tab.visible()) {
      group.stand();
      if (!group.leading()) group.post({ type: "hello" });
    } else group.resign();
  }

  function stop(): void {
    stopListening();
    clearTimeout(timer);
    group.close();
  }

  wake();
  return {
    tell(outcome) {
      settle(outcome);
      group.post({ type: "outcome", outcome });
    },
    stop,
  };
}
