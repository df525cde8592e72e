import type { Session } from "../client.ts";
import type { Source } from "./tab.ts";

/** An EventSource that does not come back by itself (HTML Living Standard, section 9.2.2). */
const CLOSED = 2;

export type SessionStream = {
  /** Whether what it last told is how it is. */
  readonly live: () => boolean;
  /** Opens it unless it is open, or about to be opened again. */
  readonly open: () => void;
  /** Opens it anew, with the cookies of now. */
  readonly reopen: () => void;
  readonly close: () => void;
};

export type SessionStreamOptions = {
  /** Opens a connection; undefined where the browser has none. */
  readonly connect: () => Source | undefined;
  /** @param etag as GET /api/auth/session would answer it. */
  readonly onSession: (session: Session, etag: string) => void;
  /** Nothing is heard any more. */
  readonly onLost: () => void;
  /** How long to wait after so many refusals in a row, in milliseconds. */
  readonly retryDelay: (refusals: number) => number;
};

/**
 * Listens to GET /api/auth/events. The browser reopens a connection that breaks off; one that is refused, such as
 * during an outage, is opened again here, less and less often.
 */
export function createSessionStream({ connect, onSession, onLost, retryDelay }: SessionStreamOptions): SessionStream {
  let source: Source | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let live = false;
  let refusals = 0;

  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    source?.close();
    source = undefined;
    live = false;
  }

  function open(): void {
    if (source || timer !== undefined) return;
    const own = connect();
    source = own;
    own?.addEventListener("session", ({ data, lastEventId }) => {
      if (source !== own) return;
      live = true;
      refusals = 0;
      onSession(JSON.parse(data), `"${lastEventId}"`);
    });
    own?.addEventListener("error", () => {
      if (source !== own) return;
      const wasLive = live;
      live = false;
      if (own.readyState === CLOSED) {
        close();
        refusals += 1;
        timer = setTimeout(again, retryDelay(refusals));
      }
      if (wasLive) onLost();
    });
  }

  function again(): void {
    timer = undefined;
    open();
  }

  return {
    live: () => live,
    open,
    reopen() {
      close();
      open();
    },
    close,
  };
}
