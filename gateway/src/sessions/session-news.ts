import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { z } from "zod";
import type { Messages } from "../redis-messages.ts";
import type { UnifiedSession } from "./session.ts";
import { isTouched, type SessionEndings, sessionEnding } from "./session-endings.ts";

/** Where replicas tell each other of sessions. */
const CHANNEL = "passbridge:sessions";

/**
 * What changed while sessions go on: what is known of an identity; what a Kratos cookie stands for, by its key; or which
 * cookies a browser holds, by the hash of its secret, or by the session in whose place it has a new one.
 */
const sessionChange = z.union([
  z.object({ identityId: z.string() }),
  z.object({ kratosCookieKey: z.string() }),
  z.object({ browser: z.string() }),
  z.object({ replacedSessionId: z.string() }),
]);

export type SessionChange = z.infer<typeof sessionChange>;

const sessionNews = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ended"), ending: sessionEnding }),
  z.object({ kind: z.literal("changed"), change: sessionChange }),
  /** News may have been missed: nothing that was known before is to be relied on. */
  z.object({ kind: z.literal("missed") }),
]);

export type SessionNews = z.infer<typeof sessionNews>;

/** Tells every replica of a change, as SessionEndings does of an end. */
export type SessionChanges = { readonly announce: (change: SessionChange) => void };

/** Word of sessions for all that outlives a request: caches, WebSockets, event streams; from this replica and others. */
export type SessionNewsBoard = {
  readonly endings: SessionEndings;
  readonly changes: SessionChanges;
  /** What was asked here could not be answered for a while: whoever outlived that looks again. */
  readonly missed: () => void;
  readonly subscribe: (listener: (news: SessionNews) => void) => void;
};

/**
 * The news of all replicas. This one hears its own at once; the others over Redis. Whoever could not be told, or could
 * not hear, learns later that something was missed.
 */
export function createSessionNews(messages: Messages, log: Pick<Logger, "warn">): SessionNewsBoard {
  const here = randomUUID();
  const topic = messages.topic(CHANNEL, z.object({ from: z.string(), news: sessionNews }));
  const listeners: ((news: SessionNews) => void)[] = [];
  let untold = false;

  const tell = (news: SessionNews) => {
    for (const listener of listeners) listener(news);
  };
  const tellOthers = (news: SessionNews) => {
    topic.announce({ from: here, news }).catch((error: unknown) => {
      if (!untold) log.warn({ err: error }, "the other replicas learn of a session's end or change only later");
      untold = true;
    });
  };
  const announce = (news: SessionNews) => {
    tell(news);
    tellOthers(news);
  };
  topic.listen(({ from, news }) => {
    if (from !== here) tell(news);
  });
  const missed = () => tell({ kind: "missed" });
  messages.onListening(missed);
  messages.onReachable(() => {
    if (!untold) return;
    untold = false;
    tellOthers({ kind: "missed" });
  });

  return {
    endings: { announce: (ending) => announce({ kind: "ended", ending }) },
    changes: { announce: (change) => announce({ kind: "changed", change }) },
    missed,
    subscribe: (listener) => void listeners.push(listener),
  };
}

/** What outlives its request: whose it is, and by what it was opened. */
export type Follower = {
  readonly session: UnifiedSession | null;
  readonly kratosCookieKey: string | null;
};

/** Whether news may have changed what was decided of a follower. News of a browser's cookies are no news of these. */
export function concerns(news: SessionNews, { session, kratosCookieKey }: Follower): boolean {
  if (news.kind === "missed") return true;
  if (news.kind === "ended") return session !== null && isTouched(session, news.ending);
  if ("kratosCookieKey" in news.change) return news.change.kratosCookieKey === kratosCookieKey;
  return "identityId" in news.change && news.change.identityId === session?.identity.id;
}
