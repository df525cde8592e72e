import { describe, expect, it, vi } from "vitest";
import { createLoneTab } from "../../test/support/fake-tabs.ts";
import { authenticatedSession } from "../../test/support/sessions.ts";
import { until } from "../../test/support/settled.ts";
import { INTERVAL, pass, provideWatchWorld, statusIs } from "../../test/support/watch-world.ts";
import { createClient } from "../client.ts";
import { watchSession } from "./session-watcher.ts";

const world = provideWatchWorld();

describe("one tab", () => {
  it("asks nothing before somebody listens, then at once", async () => {
    const watcher = watchSession(createClient({ baseUrl: world.server.origin }), { tab: createLoneTab() });
    await pass(60_000);
    expect(world.server.asked).toEqual([]);
    expect(watcher.state()).toMatchObject({ status: "loading", session: null, stale: false });
    world.onEnd(watcher.subscribe(() => undefined));
    await pass(0);
    await statusIs(watcher, "authenticated");
    expect(watcher.state().session).toEqual(authenticatedSession());
  });

  it("polls with the ETag, and keeps the objects over a 304", async () => {
    const { watcher, changes } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    const before = watcher.state();
    await pass(INTERVAL);
    await world.polls(2);
    await watcher.refresh();
    expect(world.server.asked).toEqual([undefined, '"1"', '"1"']);
    expect(watcher.state()).toBe(before);
    expect(changes).toEqual(["authenticated"]);
  });

  it("tells of a sign-out found by polling", async () => {
    const { watcher, changes } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    world.server.serve({ authenticated: false });
    await pass(INTERVAL);
    await statusIs(watcher, "anonymous");
    expect(watcher.state().session).toBeNull();
    expect(changes).toEqual(["authenticated", "anonymous"]);
  });

  it("pauses while hidden and asks at once when seen again", async () => {
    const { watcher, tab } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    tab.hide();
    await pass(10 * INTERVAL);
    expect(world.server.asked).toHaveLength(1);
    tab.show();
    await pass(0);
    await world.polls(2);
  });

  it("asks at once when the network is back", async () => {
    const { watcher, tab } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    tab.online();
    await pass(0);
    await world.polls(2);
  });

  it("asks nothing after the last listener left, and goes on with the next", async () => {
    const { watcher, stop } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    stop();
    await pass(10 * INTERVAL);
    expect(world.server.asked).toHaveLength(1);
    world.onEnd(watcher.subscribe(() => undefined));
    await pass(0);
    await world.polls(2);
  });
});

describe("an outage", () => {
  it("keeps the last known state, marks it stale, and comes back after Retry-After", async () => {
    const { watcher } = world.watch();
    await pass(0);
    await statusIs(watcher, "authenticated");
    const { session } = watcher.state();
    world.server.fail(503, { "Retry-After": "7" });
    await pass(INTERVAL);
    await until("stale", () => watcher.state().stale);
    expect(watcher.state()).toMatchObject({ status: "authenticated", stale: true });
    expect(watcher.state().session).toBe(session);
    world.server.serve(authenticatedSession());
    await pass(6_999);
    expect(world.server.asked).toHaveLength(2);
    await pass(1);
    await until("fresh", () => !watcher.state().stale);
  });

  it("is unknown, not anonymous, when nothing was known before", async () => {
    world.server.fail(503);
    const { watcher } = world.watch();
    await pass(0);
    await statusIs(watcher, "unknown");
    expect(watcher.state()).toMatchObject({ session: null, stale: true });
  });

  it("backs off more and more without Retry-After", async () => {
    world.server.fail(503);
    const { watcher } = world.watch();
    await pass(0);
    await statusIs(watcher, "unknown");
    const waits = [1_000, 2_000, 4_000];
    for (const [index, wait] of waits.entries()) {
      await pass(wait - 1);
      expect(world.server.asked).toHaveLength(index + 1);
      await pass(1);
      await world.polls(index + 2);
      await until("timer set", () => vi.getTimerCount() === 1);
    }
  });

  it("of the network is the same", async () => {
    const { watcher } = world.watch(createLoneTab(), "http://127.0.0.1:1");
    await pass(0);
    await statusIs(watcher, "unknown");
    expect(watcher.state().stale).toBe(true);
  });
});

describe("refresh", () => {
  it("gives up a poll that asked too early", async () => {
    const { watcher, changes } = world.watch();
    const open = world.server.hold();
    await pass(0);
    await world.polls(1);
    world.server.serve({ authenticated: false });
    const done = watcher.refresh();
    await world.polls(2);
    open();
    await done;
    expect(watcher.state().status).toBe("anonymous");
    expect(changes).toEqual(["anonymous"]);
  });

  it("resolves with the failure in the state", async () => {
    const { watcher } = world.watch();
    world.server.fail(503);
    await watcher.refresh();
    expect(watcher.state()).toMatchObject({ status: "unknown", stale: true });
  });
});
