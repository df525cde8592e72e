import type { Clock } from "../clock.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { LiveSession } from "./live-session.ts";
import type { PasskeySessionIndex } from "./passkey-session-index.ts";
import type { UnifiedSession } from "./session.ts";
import type { SessionUseStore } from "./session-use-store.ts";

/** A session in its owner's list. */
export type ListedSession = LiveSession & {
  /** Whether it is one of those the list is asked with. */
  readonly current: boolean;
  /** To the minute. */
  readonly lastSeenAt: Date;
};

/**
 * Every live session of a person, of both kinds, the one used last, which is this browser's, first. Throws OutageError when either part cannot be
 * asked: a list without half of them would look like a promise that nobody else is signed in.
 */
export type SessionList = (session: UnifiedSession) => Promise<readonly ListedSession[]>;

export type SessionListDeps = {
  readonly index: Pick<PasskeySessionIndex, "list">;
  readonly kratos: Pick<KratosClient, "sessionsOf">;
  readonly uses: SessionUseStore;
  readonly clock: Clock;
};

export function createSessionList({ index, kratos, uses, clock }: SessionListDeps): SessionList {
  return async ({ identity, passkey, password }) => {
    const lists = await Promise.all([index.list(identity.id), kratos.sessionsOf(identity.id)]);
    const live = lists.flat();
    const used = await uses.of(live.map(({ id }) => id));
    const current = [passkey?.id, password?.id];
    const listed = live.map((session, place): ListedSession => {
      const isCurrent = current.includes(session.id);
      return {
        ...session,
        current: isCurrent,
        lastSeenAt: isCurrent ? clock() : (used[place] ?? session.createdAt),
      };
    });
    const byUse = listed.toSorted((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime());
    return [...byUse.filter((session) => session.current), ...byUse.filter((session) => !session.current)];
  };
}
