import { useSyncExternalStore } from "react";
import { createClient } from "./client.ts";
import { type SessionState, type SessionWatcher, watchSession } from "./session/session-watcher.ts";

export type { SessionState, SessionStatus, SessionWatcher } from "./session/session-watcher.ts";

let pageWatcher: SessionWatcher | undefined;

function watcherOfPage(): SessionWatcher {
  pageWatcher ??= watchSession(createClient());
  return pageWatcher;
}

/**
 * The session of this browser, kept up to date while the component is shown. All components of a page share one
 * watcher, and all tabs one poll.
 * @param watcher another watcher than the page's own, for a gateway on another origin or other intervals.
 */
export function useSession(watcher: SessionWatcher = watcherOfPage()): SessionState {
  return useSyncExternalStore(watcher.subscribe, watcher.state, watcher.state);
}
