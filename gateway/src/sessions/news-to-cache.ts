import type { SessionNews } from "./session-news.ts";

/** What keeps answers of sessions and identities close. */
export type NewsCache = {
  readonly dropIdentity: (identityId: string) => void;
  readonly dropAll: () => void;
  readonly dropSession?: (sessionId: string) => void;
  readonly dropKratosCookie?: (key: string) => void;
};

/** Drops from a cache what news of sessions say may not hold any more. */
export function createCacheDrops(cache: NewsCache): (news: SessionNews) => void {
  return (news) => {
    if (news.kind === "missed") return cache.dropAll();
    const what = news.kind === "ended" ? news.ending : news.change;
    if ("identityId" in what) cache.dropIdentity(what.identityId);
    else if ("sessionId" in what) cache.dropSession?.(what.sessionId);
    else if ("kratosCookieKey" in what) cache.dropKratosCookie?.(what.kratosCookieKey);
  };
}
