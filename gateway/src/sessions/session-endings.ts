import { z } from "zod";
import type { UnifiedSession } from "./session.ts";

/** Ids of the identity's sessions that go on: public ids of the gateway's own, and Kratos'. */
const kept = z.array(z.string()).readonly().optional();

/** What ended: one session by its public id, or every session of an identity but those that are kept. */
export const sessionEnding = z.union([z.object({ sessionId: z.string() }), z.object({ identityId: z.string(), kept })]);

export type SessionEnding = z.infer<typeof sessionEnding>;

/** Tells every replica that a session ended. This one hears it before the call returns, even while Redis is away. */
export type SessionEndings = { readonly announce: (ending: SessionEnding) => void };

const idsOf = ({ passkey, password }: UnifiedSession) => [passkey?.id, password?.id];

/** Whether an ending may have changed a session: it is, or is made of, what ended, or the other part goes on. */
export function isTouched(session: UnifiedSession, ending: SessionEnding): boolean {
  if ("identityId" in ending) return session.identity.id === ending.identityId;
  return idsOf(session).includes(ending.sessionId);
}

/** Whether a session is, or is made of, what ended; where a part of it was kept it goes on. */
export function isEnded(session: UnifiedSession, ending: SessionEnding): boolean {
  const isKept = "identityId" in ending && ending.kept?.some((id) => idsOf(session).includes(id));
  return isTouched(session, ending) && !isKept;
}
