import type { UnifiedSession } from "./session.ts";

/** What ended: one session by its public id, or every session of an identity. */
export type SessionEnding = { readonly sessionId: string } | { readonly identityId: string };

/** Tells what outlives its request, such as a WebSocket, that a session ended on this replica. */
export type SessionEndings = {
  readonly announce: (ending: SessionEnding) => void;
  readonly subscribe: (listener: (ending: SessionEnding) => void) => void;
};

export function createSessionEndings(): SessionEndings {
  const listeners: ((ending: SessionEnding) => void)[] = [];
  return {
    announce: (ending) => {
      for (const listener of listeners) listener(ending);
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
}

/** Whether a session is, or is made of, what ended. */
export function isEnded(session: UnifiedSession, ending: SessionEnding): boolean {
  if ("identityId" in ending) return session.identity.id === ending.identityId;
  return session.passkey?.id === ending.sessionId || session.password?.id === ending.sessionId;
}
