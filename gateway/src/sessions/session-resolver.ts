import type { IncomingMessage } from "node:http";
import { type Soon, whenBoth } from "../soon.ts";
import { combineSessions } from "./combine-sessions.ts";
import type { Resolution, SourceAnswer, SourceSession } from "./session.ts";

/** Where sessions of one kind come from. Answers from the request's own cookie and never throws. */
export type SessionSource = (request: IncomingMessage, options: ReadOptions) => Soon<SourceAnswer>;

export type ReadOptions = {
  /** False for reads that are no use of the session, such as polling: they do not extend the idle timeout. */
  readonly activity: boolean;
};

const USE: ReadOptions = { activity: true };

/** Decides who a request is from. Everything that needs a session asks here and nowhere else. */
export type SessionResolver = (request: IncomingMessage, options?: ReadOptions) => Soon<Resolution>;

/**
 * @param sources asked at the same time for every request.
 * @param noteUse told of each session a decision rests on, where the request is a use of it.
 */
export function createSessionResolver(
  sources: { passkey: SessionSource; password: SessionSource },
  noteUse: (session: SourceSession) => void,
): SessionResolver {
  const use = (resolution: Resolution) => {
    if (resolution.kind !== "authenticated") return;
    const { passkey, password } = resolution.session;
    if (passkey) noteUse(passkey);
    if (password) noteUse(password);
  };
  return (request, options = USE) =>
    whenBoth(sources.passkey(request, options), sources.password(request, options), (passkey, password) => {
      const resolution = combineSessions(passkey, password);
      if (options.activity) use(resolution);
      return resolution;
    });
}
