import { beforeEach, describe, expect, it } from "vitest";
import { createFakeSources, type FakeSources } from "../../test/support/fake-sources.ts";
import { createFakeBrowser, createLoneTab } from "../../test/support/fake-tabs.ts";
import { authenticatedSession } from "../../test/support/sessions.ts";
import { until } from "../../test/support/settled.ts";
import { INTERVAL, pass, provideWatchWorld, statusIs } from "../../test/support/watch-world.ts";

const world = provideWatchWorld();
const nobody = { authenticated: false } as const;
const WHILE_LIVE = 300_000;

let sources: FakeSources;
beforeEach(() => {
  sources = createFakeSources();
});

/** A tab whose stream told the same as its first poll. */
async function watchLive(tab = createLoneTab(sources.open)) {
  const watched = world.watch(tab);
  await pass(0);
  await statusIs(watched.watcher, "authenticated");
  sources.opened[0]?.tell(authenticatedSession(), "1");
  return watched;
}

describe("a tab that leads", () => {
  it("listens to the gateway's events, and polls only now and then", async () => {
    const { watcher, changes } = await watchLive();
    expect(sources.opened.map(({ url }) => url)).toEqual([`${world.server.origin}/api/auth/events`]);
    await pass(WHILE_LIVE - 1);
    expect(world.server.asked).toHaveLength(1);
    await pass(INTERVAL + 1);
    await world.polls(2);
    sources.opened[0]?.tell(nobody, "2");
    expect(watcher.state().status).toBe("anonymous");
    expect(changes).toEqual(["authenticated", "anonymous"]);
    expect(sources.opened).toHaveLength(1);
  });

  it("keeps the session object over events with the same ETag", async () => {
    const { watcher } = await watchLive();
    const before = watcher.state();
    sources.opened[0]?.tell(authenticatedSession(), "1");
    expect(watcher.state()).toBe(before);
  });

  it("polls where events are refused, and tries them again later", async () => {
    const { watcher } = world.watch(createLoneTab(sources.open));
    await pass(0);
    await statusIs(watcher, "authenticated");
    sources.opened[0]?.fail("refused");
    await pass(INTERVAL);
    await world.polls(2);
    expect(sources.opened).toHaveLength(2);
    sources.opened[1]?.fail("refused");
    await pass(2 * INTERVAL);
    expect(sources.opened).toHaveLength(3);
  });

  it("polls soon after its stream broke off, unless it is back by then", async () => {
    await watchLive();
    sources.opened[0]?.fail("broken");
    await pass(1_000);
    sources.opened[0]?.tell(authenticatedSession(), "1");
    await pass(INTERVAL);
    expect(world.server.asked).toHaveLength(1);
    sources.opened[0]?.fail("broken");
    await pass(3_000);
    await world.polls(2);
    expect(sources.opened).toHaveLength(1);
  });

  it("listens no more while hidden or when nobody watches, and anew when it is seen or the network is back", async () => {
    const { tab, stop } = await watchLive();
    tab.hide();
    expect(sources.opened[0]?.readyState).toBe(2);
    tab.show();
    expect(sources.opened).toHaveLength(2);
    tab.online();
    expect(sources.opened.map(({ readyState }) => readyState)).toEqual([2, 2, 1]);
    stop();
    expect(sources.opened[2]?.readyState).toBe(2);
  });
});

describe("what the stream tells and what polls answer", () => {
  it("another answer to a refresh opens the stream anew: the browser has other cookies", async () => {
    const { watcher } = await watchLive();
    world.server.serve(nobody);
    await watcher.refresh();
    expect(watcher.state().status).toBe("anonymous");
    expect(sources.opened.map(({ readyState }) => readyState)).toEqual([2, 1]);
    sources.opened[1]?.tell(nobody, "2");
    await watcher.refresh();
    expect(sources.opened).toHaveLength(2);
  });

  it("what is told during a poll does not count, but is asked once more", async () => {
    const { watcher } = await watchLive();
    const answer = world.server.hold();
    const refreshed = watcher.refresh();
    await world.polls(2);
    sources.opened[0]?.tell(nobody, "2");
    expect(watcher.state().status).toBe("authenticated");
    world.server.serve(nobody);
    answer();
    await refreshed;
    await statusIs(watcher, "anonymous");
    expect(world.server.asked).toHaveLength(3);
    expect(sources.opened).toHaveLength(1);
  });
});

describe("several tabs", () => {
  it("share one stream, and none polls while it is live", async () => {
    const browser = createFakeBrowser();
    await watchLive(browser.openTab(sources.open));
    const second = world.watch(browser.openTab(sources.open));
    await statusIs(second.watcher, "authenticated");
    await pass(WHILE_LIVE - INTERVAL);
    expect(world.server.asked).toHaveLength(1);
    sources.opened[0]?.tell(nobody, "2");
    await statusIs(second.watcher, "anonymous");
    expect(sources.opened).toHaveLength(1);
  });

  it("hand the stream on with the lead", async () => {
    const browser = createFakeBrowser();
    const first = await watchLive(browser.openTab(sources.open));
    const second = world.watch(browser.openTab(sources.open));
    await statusIs(second.watcher, "authenticated");
    first.tab.hide();
    await until("another stream", () => sources.opened.length === 2);
    expect(sources.opened[0]?.readyState).toBe(2);
  });

  it("a sign-in in another tab has the one that leads listen anew", async () => {
    const browser = createFakeBrowser();
    const first = await watchLive(browser.openTab(sources.open));
    const second = world.watch(browser.openTab(sources.open));
    await statusIs(second.watcher, "authenticated");
    world.server.serve(authenticatedSession("grace@example.com"));
    await second.watcher.refresh();
    await until("told", () => first.watcher.state().session?.identity.email === "grace@example.com");
    expect(sources.opened).toHaveLength(2);
  });
});
