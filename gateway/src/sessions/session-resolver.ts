import type { IncomingMessage } from "node:http";
import { combineSessions } from "./combine-sessions.ts";
import type { Resolution, SourceAnswer, SourceSession } from "./session.ts";

/** Where sessions of one kind come from. Answers from the request's own cookie and never throws. */
export type SessionSource = (request: IncomingMessage, options: ReadOptions) => Promise<SourceAnswer>;

export type ReadOptions = {
  /** False for reads that are no use of the session, such as polling: they do not extend the idle timeout. */
  readonly activity: boolean;
};

/** Decides who a request is from. Everything that needs a session asks here and nowhere else. */
export type SessionResolver = (request: IncomingMessage, options?: ReadOptions) => Promise<Resolution>;

/**
 * @param sources asked at the same time for every request.
 * @param noteUse told of each session a decision rests on, where the request is a use of it.
 */
export function createSessionResolver(
  sources: { passkey: SessionSource; password: SessionSource },
  noteUse: (session: SourceSession) => void,
): SessionResolver {
  return async (request, options = { activity: true }) => {
    const [passkey, password] = await Promise.all([
      sources.passkey(request, options),
      sources.password(request, options),
    ]);
    const resolution = combineSessions(passkey, password);
    if (options.activity && resolution.kind === "authenticated") {
      for (const used of [resolution.session.passkey, resolution.session.password]) if (used) noteUse(used);
    }
    return resolution;
  };
}
