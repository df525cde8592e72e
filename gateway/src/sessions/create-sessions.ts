import type { Adapters } from "../adapters.ts";
import { createIdentityDirectory } from "../kratos/identity-directory.ts";
import { type BrowserSessions, createBrowserSessions } from "./browser-sessions.ts";
import { createSessionMiddleware } from "./express-sessions.ts";
import { createIdentitySessions, type IdentitySessions } from "./identity-sessions.ts";
import { createIdentityWatch, type FollowIdentity } from "./identity-watch.ts";
import { createKratosSessionSource } from "./kratos-session-source.ts";
import { createCacheDrops } from "./news-to-cache.ts";
import { createPasskeySessionIndex } from "./passkey-session-index.ts";
import { createPasskeySessionSource } from "./passkey-session-source.ts";
import { createSessionList, type SessionList } from "./session-list.ts";
import type { SessionNewsBoard } from "./session-news.ts";
import { createSessionResolver, type SessionResolver } from "./session-resolver.ts";
import { createSessionUseStore } from "./session-use-store.ts";

export type Sessions = SessionNewsBoard & {
  readonly resolve: SessionResolver;
  readonly browser: BrowserSessions;
  readonly identitySessions: IdentitySessions;
  readonly list: SessionList;
  /** What Kratos said of an identity does not hold any more, on any replica. */
  readonly forgetIdentity: (identityId: string) => void;
  /** For what outlives its request. */
  readonly followIdentity: FollowIdentity;
};

/** Both session sources, the resolver over them, and what starts, lists and ends sessions. */
export function createSessions(adapters: Adapters): Sessions {
  const { config, clock, log, redis, kratos, whoami, news, storedSessions } = adapters;
  const identities = createIdentityDirectory(kratos, config.kratos.identityCacheTtl);
  const passkeySource = createPasskeySessionSource({
    stored: storedSessions,
    config: config.session,
    identities,
    clock,
  });
  news.subscribe(createCacheDrops({ dropIdentity: identities.forget, dropAll: identities.forgetAll }));
  const { endings, changes } = news;
  const index = createPasskeySessionIndex(redis, clock);
  const uses = createSessionUseStore(redis);
  const identitySessions = createIdentitySessions({ index, kratos, endings, changes });
  const sources = { passkey: passkeySource, password: createKratosSessionSource(whoami) };
  return {
    ...news,
    forgetIdentity: (identityId) => changes.announce({ identityId }),
    followIdentity: createIdentityWatch(identities, endings),
    resolve: createSessionResolver(sources, (session) => uses.note(session, clock())),
    identitySessions,
    list: createSessionList({ index, kratos, uses, clock }),
    browser: createBrowserSessions({
      middleware: createSessionMiddleware(redis, config.session, clock),
      passkeySource,
      endings,
      changes,
      index,
      kratos,
      identitySessions,
      whoami,
      config: config.session,
      clock,
      log,
    }),
  };
}
