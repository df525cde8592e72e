import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../config.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import { publicSessionId } from "../sessions/passkey-session.ts";
import { readSessionId } from "../sessions/session-cookie.ts";
import type { SessionNewsBoard } from "../sessions/session-news.ts";
import type { BrowserBinding } from "./browser-binding.ts";

export type SignInNewsDeps = {
  readonly news: Pick<SessionNewsBoard, "changes" | "endings">;
  readonly binding: Pick<BrowserBinding, "read">;
  readonly config: Pick<Config["session"], "cookieName" | "secrets">;
};

/**
 * Tells of each sign-in and step-up once its answer is out: the browser then holds other cookies than those its streams
 * were opened with, and the session id that the sign-in replaced has ended. The browser first, so that its streams come
 * back with the new cookies instead of being told of the end of the old session.
 */
export function announceSignIns(browser: BrowserSessions, deps: SignInNewsDeps): BrowserSessions {
  const { changes, endings } = deps.news;
  const announce = (request: IncomingMessage, response: ServerResponse, replaced: string | null) => {
    const id = deps.binding.read(request);
    response.once("close", () => {
      if (id) changes.announce({ browser: id });
      if (!replaced) return;
      const sessionId = publicSessionId(replaced);
      // Its streams at other hosts, where the cookie of the browser's secret does not go.
      changes.announce({ replacedSessionId: sessionId });
      endings.announce({ sessionId });
    });
  };
  return {
    ...browser,
    signIn: async (request, response, signIn) => {
      const replaced = readSessionId(request.headers.cookie, deps.config.cookieName, deps.config.secrets);
      const session = await browser.signIn(request, response, signIn);
      announce(request, response, replaced);
      return session;
    },
    passwordSignedIn: async (request, response, cookie) => {
      await browser.passwordSignedIn(request, response, cookie);
      announce(request, response, null);
    },
  };
}
