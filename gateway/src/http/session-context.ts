import type { Response } from "express";
import type { UnifiedSession } from "../sessions/session.ts";

const sessions = new WeakMap<Response, UnifiedSession>();

/** Remembers the session a request was decided to have. */
export function setSession(response: Response, session: UnifiedSession): void {
  sessions.set(response, session);
}

/** The session of a request behind a guard. Throws where no guard stands before: that is a mistake in app.ts. */
export function sessionOf(response: Response): UnifiedSession {
  const session = sessions.get(response);
  if (!session) throw new Error("sessionOf needs a guard before it");
  return session;
}
