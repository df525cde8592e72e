import { afterEach, beforeEach, vi } from "vitest";
import { createClient } from "../../src/client.ts";
import { type SessionWatcher, watchSession } from "../../src/session/session-watcher.ts";
import { createLoneTab, type FakeTab } from "./fake-tabs.ts";
import { type SessionServer, startSessionServer } from "./session-server.ts";
import { authenticatedSession } from "./sessions.ts";
import { until } from "./settled.ts";

export const INTERVAL = 20_000;

export type Watched = {
  readonly watcher: SessionWatcher;
  /** The status after each change. */
  readonly changes: string[];
  readonly stop: () => void;
  readonly tab: FakeTab;
};

export type WatchWorld = {
  readonly server: SessionServer;
  /** Watches the server (or another origin) from a tab; ended after the test. */
  watch(tab?: FakeTab, origin?: string): Watched;
  /** Has something ended after the test. */
  onEnd(stop: () => void): void;
  /** Waits until the server was asked that often. */
  polls(count: number): Promise<void>;
};

/** Lets fake time pass. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

export const statusIs = (watcher: SessionWatcher, status: string) =>
  until(`status ${status}`, () => watcher.state().status === status);

/** A real server and fake time for each test of a file. */
export function provideWatchWorld(): WatchWorld {
  let server: SessionServer;
  let stops: Array<() => void> = [];

  beforeEach(async () => {
    server = await startSessionServer(authenticatedSession());
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    stops = [];
    vi.useRealTimers();
    await server.close();
  });

  return {
    get server() {
      return server;
    },
    watch(tab = createLoneTab(), origin = server.origin) {
      const watcher = watchSession(createClient({ baseUrl: origin }), { tab, random: () => 0, interval: INTERVAL });
      const changes: string[] = [];
      const stop = watcher.subscribe(() => changes.push(watcher.state().status));
      stops.push(stop);
      return { watcher, changes, stop, tab };
    },
    onEnd: (stop) => void stops.push(stop),
    polls: (count) => until(`${count} polls`, () => server.asked.length === count),
  };
}
