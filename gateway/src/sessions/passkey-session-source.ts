import type { RedisClientType } from "redis";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import type { IdentityDirectory } from "../kratos/identity-directory.ts";
import { SESSION_PREFIX, sessionEnd, toSourceSession } from "./passkey-session.ts";
import { readPasskeySession } from "./passkey-session-store.ts";
import type { SourceAnswer } from "./session.ts";
import { readSessionId } from "./session-cookie.ts";
import type { SessionSource } from "./session-resolver.ts";

const ROLLING_STEP = 60_000;

/** A session is written to once a minute at most; one that idles out sooner than that often enough to stay in use. */
const rollingStep = (idleTimeout: number) => Math.min(ROLLING_STEP, idleTimeout / 2);

export type PasskeySessionSourceDeps = {
  readonly redis: Pick<RedisClientType, "get" | "pExpireTime" | "pExpireAt">;
  readonly config: Config["session"];
  readonly identities: IdentityDirectory;
  readonly clock: Clock;
};

/** Extends by EXPIRE alone, and only forward: a session that was ended meanwhile cannot come back. */
function extend({ redis }: PasskeySessionSourceDeps, sessionId: string, end: number): void {
  redis.pExpireAt(SESSION_PREFIX + sessionId, end, "GT").catch(() => {
    // The next request extends it, or meets the outage itself.
  });
}

async function answer(deps: PasskeySessionSourceDeps, sessionId: string, activity: boolean): Promise<SourceAnswer> {
  const stored = await readPasskeySession(deps.redis, sessionId);
  const now = deps.clock().getTime();
  if (!stored || stored.expiresAt <= now) return { kind: "none" };
  const { record } = stored;
  const state = await deps.identities(record.identity.id);
  if (state.kind === "gone") return { kind: "none" };

  const end = sessionEnd(record.authenticatedAt, now, deps.config);
  const rolls = activity && end - stored.expiresAt >= rollingStep(deps.config.idleTimeout);
  if (rolls) extend(deps, sessionId, end);
  const current = state.kind === "active" ? state.identity : record.identity;
  return { kind: "session", session: toSourceSession(sessionId, record, rolls ? end : stored.expiresAt, current) };
}

/** The gateway's own sessions, by their signed cookie; without a valid one Redis is not asked. */
export function createPasskeySessionSource(deps: PasskeySessionSourceDeps): SessionSource {
  const { cookieName, secrets } = deps.config;
  return async (request, { activity }) => {
    const sessionId = readSessionId(request.headers.cookie, cookieName, secrets);
    if (!sessionId) return { kind: "none" };
    try {
      return await answer(deps, sessionId, activity);
    } catch (cause) {
      return { kind: "unavailable", cause: new OutageError("redis", cause) };
    }
  };
}
