export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

type MessageListener = (event: Pick<MessageEvent<string>, "data" | "lastEventId">) => void;

/** What is used of an EventSource. */
export type Source = Pick<EventSource, "readyState" | "close"> & {
  readonly addEventListener: ((type: "session", listener: MessageListener) => void) &
    ((type: "error", listener: () => void) => void);
};

/** The port to the browser's tab: what the watcher needs to know of it and of its siblings. */
export type Tab = {
  readonly visible: () => boolean;
  /** Calls back when the tab is shown or hidden and when the network is back; returns the way to stop. */
  readonly onWake: (listener: () => void) => () => void;
  /** Absent where the browser has no Web Locks (or not in this context). */
  readonly locks: Pick<LockManager, "request"> | undefined;
  /** Absent where the browser has no BroadcastChannel. */
  readonly openChannel: ((name: string) => Channel) | undefined;
  /** Absent where the browser has no EventSource. */
  readonly openSource: ((url: string) => Source) | undefined;
};

const ALONE = { locks: undefined, openChannel: undefined, openSource: undefined };

/** The tab this script runs in. Outside a browser: always visible, without siblings. */
export function browserTab(): Tab {
  if (typeof document === "undefined") {
    return { visible: () => true, onWake: () => () => undefined, ...ALONE };
  }
  return {
    visible: () => document.visibilityState !== "hidden",
    onWake(listener) {
      document.addEventListener("visibilitychange", listener);
      window.addEventListener("online", listener);
      return () => {
        document.removeEventListener("visibilitychange", listener);
        window.removeEventListener("online", listener);
      };
    },
    locks: "locks" in navigator ? navigator.locks : undefined,
    openChannel: typeof BroadcastChannel === "undefined" ? undefined : (name) => new BroadcastChannel(name),
    openSource: typeof EventSource === "undefined" ? undefined : (url) => new EventSource(url),
  };
}
