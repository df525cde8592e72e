import type { Clock } from "../clock.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import { concerns, type SessionNews } from "../sessions/session-news.ts";
import { tagOf } from "./conditional-json.ts";
import type { EventWriter } from "./event-writer.ts";
import type { SessionBody } from "./session-body.ts";

const COMMENT_EVERY = 25_000;

/** While it cannot be decided. */
const ASK_AGAIN = 5_000;

/** An answer may be a little old and its session's time up already. */
const SHORTEST_WAIT = 500;

/** Where everything is to be checked, the questions are spread over this time. */
const SPREAD = 1_000;

/** A browser with new cookies comes back after this time, in which they have arrived; one of a stopping gateway later. */
const RECONNECT = 500;
const RECONNECT_AT_STOP = { least: 500, spread: 4_000 };

export type Told = { readonly session: UnifiedSession | null; readonly text: string };

export type EventStreamDeps = {
  readonly writer: EventWriter;
  /** Asks with the cookies the stream was opened with; null when it could not be decided. */
  readonly ask: () => Promise<Told | null>;
  readonly clock: Clock;
  /** Milliseconds between two looks without any news, for what nobody tells of. */
  readonly lookEvery: number;
  /** The hash of the browser's secret, and the key of its Kratos cookie. */
  readonly browser: string;
  readonly kratosCookieKey: string | null;
};

/** One stream of session events, from its first event on. Has no timer of its own: there is one for all streams. */
export type EventStream = {
  /** Whether it is to ask because of the news. */
  readonly hear: (news: SessionNews) => boolean;
  /** Whether it is to ask now. */
  readonly isDue: () => boolean;
  /** Asks, and tells what has changed. Never rejects. */
  readonly ask: () => Promise<void>;
  /** Writes a comment from time to time. */
  readonly keepAlive: () => void;
  /** Has the browser come back, to another replica or with its new cookies. */
  readonly sendAway: (reason: "cookies" | "stop") => void;
};

const now = () => performance.now();

/** One question at a time, and the news that came while it was asked. */
function createQuestion({ ask, kratosCookieKey }: Pick<EventStreamDeps, "ask" | "kratosCookieKey">) {
  let meanwhile: SessionNews[] | null = null;
  return {
    isOpen: () => meanwhile !== null,
    hear: (news: SessionNews) => void meanwhile?.push(news),
    /** `isOld`: news of a session that was not known of before may be newer than the answer. */
    ask: async () => {
      const heard: SessionNews[] = [];
      meanwhile = heard;
      const told = await ask().catch(() => null);
      meanwhile = null;
      const isOld = told !== null && heard.some((news) => concerns(news, { session: told.session, kratosCookieKey }));
      return { told, isOld };
    },
  };
}

/** @param first what was decided when the stream was opened; told at once. */
export function createEventStream(deps: EventStreamDeps, first: Told): EventStream {
  const { writer, clock } = deps;
  let { session } = first;
  let tag = tagOf(first.text);
  const question = createQuestion(deps);
  let askAt = now() + deps.lookEvery * (0.5 + Math.random() / 2);
  let notBefore = 0;
  let commentAt = now() + COMMENT_EVERY;

  const sendAway: EventStream["sendAway"] = (reason) => {
    const { least, spread } = RECONNECT_AT_STOP;
    writer.retry(reason === "stop" ? least + Math.random() * spread : RECONNECT);
    writer.end();
  };
  const hasNewCookies = (news: SessionNews) => {
    if (news.kind !== "changed") return false;
    if ("browser" in news.change) return news.change.browser === deps.browser;
    return "replacedSessionId" in news.change && news.change.replacedSessionId === session?.passkey?.id;
  };
  const comment = () => {
    writer.comment();
    commentAt = now() + COMMENT_EVERY;
  };
  const tell = (told: Told) => {
    if (session && told.session && told.session.identity.id !== session.identity.id) return sendAway("cookies");
    session = told.session;
    const newTag = tagOf(told.text);
    if (newTag === tag) return;
    tag = newTag;
    writer.event("session", tag, told.text);
  };
  const ask = async () => {
    askAt = now() + deps.lookEvery;
    notBefore = now() + SHORTEST_WAIT;
    const { told, isOld } = await question.ask();
    if (isOld) askAt = 0;
    if (told) return tell(told);
    askAt = Math.min(askAt, now() + ASK_AGAIN);
    comment();
  };
  const isOver = () => session !== null && clock() >= session.expiresAt && now() >= notBefore;

  // Browsers of a gateway that is gone without a word do not come back all at once.
  writer.retry(2_000 + Math.random() * 3_000);
  writer.event("session", tag, first.text);
  return {
    hear: (news) => {
      question.hear(news);
      if (hasNewCookies(news)) sendAway("cookies");
      else if (concerns(news, { session, kratosCookieKey: deps.kratosCookieKey })) {
        askAt = Math.min(askAt, news.kind === "missed" ? now() + Math.random() * SPREAD : 0);
        return true;
      }
      return false;
    },
    isDue: () => !question.isOpen() && (now() >= askAt || isOver()),
    ask,
    keepAlive: () => {
      if (now() >= commentAt) comment();
    },
    sendAway,
  };
}

/** What a decision tells of a session. */
export async function toldOf(resolution: Exclude<Resolution, { kind: "undecided" }>, body: SessionBody): Promise<Told> {
  const session = resolution.kind === "authenticated" ? resolution.session : null;
  return { session, text: JSON.stringify(session ? await body(session) : { authenticated: false }) };
}
