import type { Session } from "../../src/client.ts";
import type { Source } from "../../src/session/tab.ts";

export type FakeSource = Source & {
  readonly url: string;
  readonly tell: (session: Session, etag: string) => void;
  /** Breaks off; the browser opens it again, unless it was refused. */
  readonly fail: (how: "broken" | "refused") => void;
};

export type FakeSources = {
  /** Every one that was opened, in order. */
  readonly opened: FakeSource[];
  readonly open: (url: string) => Source;
};

function createSource(url: string): FakeSource {
  const told: ((event: { data: string; lastEventId: string }) => void)[] = [];
  const failed: (() => void)[] = [];
  const source = {
    url,
    readyState: 1,
    close: () => {
      source.readyState = 2;
    },
    addEventListener: (type: "session" | "error", listener: (event: { data: string; lastEventId: string }) => void) => {
      if (type === "session") told.push(listener);
      else failed.push(listener as () => void);
    },
    tell: (session: Session, etag: string) => {
      const event = { data: JSON.stringify(session), lastEventId: etag };
      if (source.readyState !== 2) for (const listener of told) listener(event);
    },
    fail: (how: "broken" | "refused") => {
      source.readyState = how === "broken" ? 0 : 2;
      for (const listener of failed) listener();
    },
  };
  return source;
}

/** The EventSources of a browser, which tell what the test has them tell. */
export function createFakeSources(): FakeSources {
  const opened: FakeSource[] = [];
  return {
    opened,
    open: (url) => {
      const source = createSource(url);
      opened.push(source);
      return source;
    },
  };
}
