export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** The port to the browser's tab: what the watcher needs to know of it and of its siblings. */
export type Tab = {
  readonly visible: () => boolean;
  /** Calls back when the tab is shown or hidden and when the network is back; returns the way to stop. */
  readonly onWake: (listener: () => void) => () => void;
  /** Absent where the browser has no Web Locks (or not in this context). */
  readonly locks: Pick<LockManager, "request"> | undefined;
  /** Absent where the browser has no BroadcastChannel. */
  readonly openChannel: ((name: string) => Channel) | undefined;
};

/** The tab this script runs in. Outside a browser: always visible, without siblings. */
export function browserTab(): Tab {
  if (typeof document === "undefined") {
    return { visible: () => true, onWake: () => () => undefined, locks: undefined, openChannel: undefined };
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
  };
}
