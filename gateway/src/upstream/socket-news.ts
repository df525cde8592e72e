import { setTimeout as delay } from "node:timers/promises";
import { isEnded } from "../sessions/session-endings.ts";
import { concerns, type SessionNews } from "../sessions/session-news.ts";
import type { OpenSockets, SocketPair } from "./open-sockets.ts";

/** Where everything is to be checked, the questions are spread over this time. */
const SPREAD = 1_000;
const AT_ONCE = 32;

/** Checks them one after another, a bounded number at the same time. */
async function checkAll(pairs: SocketPair[]): Promise<void> {
  const work = async () => {
    await delay(Math.random() * SPREAD, undefined, { ref: false });
    for (let pair = pairs.pop(); pair; pair = pairs.pop()) await pair.check();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Closes the WebSockets whose session ended, at once and without asking, and checks those of which it is not known. */
export function hearNews(open: OpenSockets, news: SessionNews): void {
  if (news.kind === "ended") {
    open.close((session) => isEnded(session, news.ending));
    return;
  }
  const concerned = [...open.all()].filter(({ kratosCookieKey, ...pair }) => {
    const session = pair.session();
    return session !== null && concerns(news, { session, kratosCookieKey });
  });
  if (news.kind === "missed") void checkAll(concerned);
  else for (const pair of concerned) void pair.check();
}
