import type { Clock } from "../clock.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";

/** While it cannot be decided. */
const ASK_AGAIN = 5_000;

/** An answer may be a little old and its session's time up already. */
const SHORTEST_WAIT = 500;

export type SessionWatch = {
  readonly session: () => UnifiedSession;
  /** Asks now, where the session may have changed. */
  readonly check: () => Promise<void>;
  readonly stop: () => void;
};

export type SessionWatchOptions = {
  readonly session: UnifiedSession;
  /** Asked again now and then, and when the time of a session in it is up: it may have been extended meanwhile. */
  readonly resolve: () => Promise<Resolution>;
  readonly clock: Clock;
  /** Milliseconds after which it is asked again at the latest. */
  readonly lookEvery: number;
  /** Called once, when nobody or somebody else is signed in. Not during an outage: that is no sign-out. */
  readonly onEnd: () => void;
};

/** When the first of what a session is made of ends: what it brought may be gone then, such as aal2. */
function firstEnd({ expiresAt, passkey, password }: UnifiedSession): number {
  const ends = [passkey, password].flatMap((part) => (part ? [part.expiresAt.getTime()] : []));
  return Math.min(expiresAt.getTime(), ...ends);
}

/** Follows a session beyond the request that began with it, until it ends or the watch is stopped. */
export function watchSession({ session, resolve, clock, lookEvery, onEnd }: SessionWatchOptions): SessionWatch {
  let current = session;
  let timer: NodeJS.Timeout;
  let stopped = false;
  let latest = 0;

  const check = async () => {
    clearTimeout(timer);
    latest += 1;
    const mine = latest;
    const resolution = await resolve().catch((cause: unknown): Resolution => ({ kind: "undecided", cause }));
    if (stopped || mine !== latest) return;
    if (resolution.kind === "undecided") return wait(ASK_AGAIN);
    if (resolution.kind === "anonymous" || resolution.session.identity.id !== session.identity.id) return onEnd();
    current = resolution.session;
    waitForEnd();
  };
  const wait = (delay: number) => {
    timer = setTimeout(check, delay);
    timer.unref();
  };
  /** Those that were opened at the same moment do not look at the same moment. */
  const waitForEnd = () => {
    const left = firstEnd(current) - clock().getTime();
    wait(Math.max(SHORTEST_WAIT, Math.min(left, lookEvery * (0.5 + Math.random() / 2))));
  };

  waitForEnd();
  return {
    session: () => current,
    check,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
