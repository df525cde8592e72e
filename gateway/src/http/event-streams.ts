import type { SessionNews } from "../sessions/session-news.ts";
import type { EventStream } from "./event-stream.ts";

/** How often it is looked what is due. */
const TICK = 250;

/** How many streams ask at the same time: not more than leaves room for everything else. */
const AT_ONCE = 32;

/** All event streams of this replica, with one timer for all of them. */
export type EventStreams = {
  readonly add: (stream: EventStream) => void;
  readonly remove: (stream: EventStream) => void;
  readonly hear: (news: SessionNews) => void;
  /** How often news came. */
  readonly heard: () => number;
  /** Sends all away, and from now on those that come as soon as they were told. */
  readonly close: () => void;
};

export function createEventStreams(): EventStreams {
  const streams = new Set<EventStream>();
  const waiting = new Set<EventStream>();
  let timer: NodeJS.Timeout | undefined;
  let asking = 0;
  let heard = 0;
  let closing = false;

  const ask = async (stream: EventStream) => {
    waiting.delete(stream);
    asking += 1;
    await stream.ask();
    asking -= 1;
    askNext();
  };
  const askNext = () => {
    for (const stream of waiting) {
      if (asking >= AT_ONCE) return;
      void ask(stream);
    }
  };
  const look = () => {
    for (const stream of streams) {
      if (stream.isDue()) waiting.add(stream);
      else stream.keepAlive();
    }
    askNext();
  };
  const keepTime = () => {
    if (streams.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(look, TICK).unref();
  };
  return {
    add: (stream) => {
      streams.add(stream);
      keepTime();
      if (closing) stream.sendAway("stop");
    },
    remove: (stream) => {
      streams.delete(stream);
      waiting.delete(stream);
      keepTime();
    },
    hear: (news) => {
      heard += 1;
      const concerned = [...streams].filter((stream) => stream.hear(news));
      if (concerned.length > 0) look();
    },
    heard: () => heard,
    close: () => {
      closing = true;
      for (const stream of streams) stream.sendAway("stop");
    },
  };
}
