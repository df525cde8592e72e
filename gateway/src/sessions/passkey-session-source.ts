import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import type { IdentityDirectory, IdentityState } from "../kratos/identity-directory.ts";
import { orElse, type Soon, whenThere } from "../soon.ts";
import { sessionEnd, toSourceSession } from "./passkey-session.ts";
import type { StoredPasskeySession, StoredSessions } from "./passkey-session-store.ts";
import type { Identity, SourceAnswer, SourceSession } from "./session.ts";
import { createSessionIdReader } from "./session-cookie.ts";
import type { SessionSource } from "./session-resolver.ts";

const ROLLING_STEP = 60_000;

const NONE: SourceAnswer = { kind: "none" };

/** A session is written to once a minute at most; one that idles out sooner than that often enough to stay in use. */
const rollingStep = (idleTimeout: number) => Math.min(ROLLING_STEP, idleTimeout / 2);

export type PasskeySessionSourceDeps = {
  readonly stored: StoredSessions;
  readonly config: Config["session"];
  readonly identities: IdentityDirectory;
  readonly clock: Clock;
};

/** The same object for the same session, so that what is made of it can be kept with it. */
function createSourceSessions() {
  const made = new WeakMap<StoredPasskeySession, SourceSession>();
  return (sessionId: string, stored: StoredPasskeySession, expiresAt: number, current: Identity): SourceSession => {
    const known = made.get(stored);
    if (known && known.identity === current && known.expiresAt.getTime() === expiresAt) return known;
    const session = toSourceSession(sessionId, stored.record, expiresAt, current);
    made.set(stored, session);
    return session;
  };
}

/** The gateway's own sessions, by their signed cookie; without a valid one Redis is not asked. */
export function createPasskeySessionSource(deps: PasskeySessionSourceDeps): SessionSource {
  const { config, clock, identities } = deps;
  const sessionIdOf = createSessionIdReader(config.cookieName, config.secrets);
  const sourceSession = createSourceSessions();

  const answerOf = (sessionId: string, stored: StoredPasskeySession, state: IdentityState, activity: boolean) => {
    if (state.kind === "gone") return NONE;
    const { record } = stored;
    const end = sessionEnd(record.authenticatedAt, clock().getTime(), config);
    const rolls = activity && end - stored.expiresAt >= rollingStep(config.idleTimeout);
    // Where it fails the next request extends it, or meets the outage itself.
    if (rolls) deps.stored.extend(sessionId, end).catch(() => undefined);
    const current = state.kind === "active" ? state.identity : record.identity;
    const session = sourceSession(sessionId, stored, rolls ? end : stored.expiresAt, current);
    return { kind: "session", session } as const;
  };
  const answer = (sessionId: string, activity: boolean): Soon<SourceAnswer> =>
    whenThere(deps.stored.read(sessionId), (stored) => {
      if (!stored || stored.expiresAt <= clock().getTime()) return NONE;
      return whenThere(identities(stored.record.identity.id), (state) => answerOf(sessionId, stored, state, activity));
    });

  return (request, { activity }) => {
    const sessionId = sessionIdOf(request.headers.cookie);
    if (!sessionId) return NONE;
    return orElse(
      () => answer(sessionId, activity),
      (cause): SourceAnswer => ({ kind: "unavailable", cause: new OutageError("redis", cause) }),
    );
  };
}
