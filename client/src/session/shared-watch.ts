import type { Client } from "../client.ts";
import type { LatestPoll } from "./latest-poll.ts";
import { createPace } from "./pace.ts";
import { POLL_TIMES, type PollTimes, pollDelay } from "./poll-delay.ts";
import type { SessionOutcome } from "./session-outcome.ts";
import type { SessionStore } from "./session-store.ts";
import { createSessionStream } from "./session-stream.ts";
import { createStreamNews } from "./stream-news.ts";
import { browserTab, type Tab } from "./tab.ts";
import { createTabGroup, type TabGroup } from "./tab-group.ts";

export type WatchOptions = Partial<PollTimes> & {
  /** Tabs that watch under the same name share their polls. */
  name?: string;
  tab?: Tab;
  /** A number from 0 to 1, spreading retries. */
  random?: () => number;
};

export type WatchedClient = Pick<Client, "pollSession" | "sessionEventsUrl">;

type Message =
  /** A tab that came later asks what is known. */
  | { readonly type: "hello" }
  /** What is known still holds. */
  | { readonly type: "live" }
  | { readonly type: "outcome"; readonly outcome: SessionOutcome };

/** How much later than the leader another tab polls by itself, should the leader have fallen silent. */
const FOLLOWER_GRACE = 3_000;
/** An answer this young is handed to a tab that says hello; an older one is asked anew. */
const FRESH = 1_000;

/** A watch that runs, by this tab and its siblings. */
export type Watch = { readonly tell: (outcome: SessionOutcome) => void; readonly stop: () => void };

type WatchParts = {
  store: SessionStore;
  poll: LatestPoll;
  client: WatchedClient;
  options: WatchOptions;
};

type WatchHooks = {
  readonly look: () => void;
  readonly onLead: () => void;
  readonly onMessage: (message: Message) => void;
  readonly onNews: (outcome: SessionOutcome) => void;
};

function connectParts({ store, poll, client, options }: WatchParts, hooks: WatchHooks) {
  const { name = "passbridge-session", tab = browserTab(), random = Math.random } = options;
  const times = { ...POLL_TIMES, ...options };
  const news = createStreamNews({ store, poll, onNews: hooks.onNews });
  const stream = createSessionStream({
    connect: () => tab.openSource?.(client.sessionEventsUrl()),
    onSession: news.hear,
    onLost: () => pace.lookIn(FOLLOWER_GRACE),
    retryDelay: (failures) => pollDelay({ failures, retryAfter: times.interval / 1_000 }, times, random()),
  });
  const group: TabGroup<Message> = createTabGroup<Message>({ name, tab, ...hooks });
  const pace = createPace({ tab, grace: () => (group.leading() ? 0 : FOLLOWER_GRACE), look: hooks.look });
  const close = () => {
    pace.stop();
    stream.close();
    group.close();
  };
  return { tab, times, random, news, stream, group, pace, close };
}

/** Starts to watch; stop it. */
export function startWatch(parts: WatchParts): Watch {
  const { store, poll } = parts;
  const hooks = { look, onLead, onMessage, onNews: spread };
  const { tab, times, random, news, stream, group, pace, close } = connectParts(parts, hooks);
  const stopListening = tab.onWake(wake);
  let last: SessionOutcome | undefined;
  let polledAt = 0;

  function onLead(): void {
    pace.schedule();
    stream.open();
  }

  /** Polls, or says to the other tabs that there is no need to: what the stream told last still holds. */
  function look(): void {
    if (poll.busy()) return;
    if (stream.live() && Date.now() - polledAt < times.whileLive) {
      group.post({ type: "live" });
      pace.lookIn(times.interval);
    } else void poll.run();
  }

  function settle(outcome: SessionOutcome): void {
    last = outcome;
    pace.lookIn(pollDelay(store.known(), times, random()));
  }

  function spread(outcome: SessionOutcome): void {
    settle(outcome);
    group.post({ type: "outcome", outcome });
  }

  function greet(): void {
    if (last && (stream.live() || Date.now() - last.askedAt < FRESH)) {
      group.post({ type: "outcome", outcome: last });
      if (stream.live()) group.post({ type: "live" });
    } else void poll.run();
  }

  function onMessage(message: Message): void {
    if (message.type === "live") pace.lookIn(times.interval);
    else if (message.type === "hello") {
      if (group.leading() && !poll.busy()) greet();
    } else if (store.learn(message.outcome)) {
      settle(message.outcome);
      if (news.differs(message.outcome) && stream.live()) stream.reopen();
    }
  }

  function wake(): void {
    const led = group.leading();
    pace.lookIn(0);
    if (tab.visible()) {
      group.stand();
      if (led) stream.reopen();
      if (!group.leading()) group.post({ type: "hello" });
    } else {
      stream.close();
      group.resign();
    }
  }

  wake();
  return {
    tell(outcome) {
      polledAt = Date.now();
      spread(outcome);
      if (news.differs(outcome) && stream.live()) stream.reopen();
    },
    stop() {
      stopListening();
      close();
    },
  };
}
