import { describe, expect, it } from "vitest";
import { createFakeBrowser, type FakeTab } from "../../test/support/fake-tabs.ts";
import { INTERVAL, pass, provideWatchWorld, statusIs } from "../../test/support/watch-world.ts";

const world = provideWatchWorld();

describe("several tabs", () => {
  it("share one poll, and the state", async () => {
    const browser = createFakeBrowser();
    const first = world.watch(browser.openTab());
    const second = world.watch(browser.openTab());
    await pass(0);
    await statusIs(first.watcher, "authenticated");
    await statusIs(second.watcher, "authenticated");
    await pass(INTERVAL);
    await world.polls(2);
    world.server.serve({ authenticated: false });
    await pass(INTERVAL);
    await statusIs(first.watcher, "anonymous");
    await statusIs(second.watcher, "anonymous");
    expect(world.server.asked).toHaveLength(3);
  });

  it("keep the session object over outcomes with the same ETag", async () => {
    const browser = createFakeBrowser();
    world.watch(browser.openTab());
    const second = world.watch(browser.openTab());
    await pass(0);
    await statusIs(second.watcher, "authenticated");
    const before = second.watcher.state();
    await pass(INTERVAL);
    await world.polls(2);
    await pass(0);
    expect(second.watcher.state()).toBe(before);
  });

  it("hand the lead on when the leader is hidden or closed, and a later tab is told what is known", async () => {
    const browser = createFakeBrowser();
    const first = world.watch(browser.openTab());
    const second = world.watch(browser.openTab());
    await pass(0);
    await statusIs(second.watcher, "authenticated");
    first.tab.hide();
    await pass(INTERVAL);
    await world.polls(2);
    const third = world.watch(browser.openTab());
    await statusIs(third.watcher, "authenticated");
    second.stop();
    await pass(INTERVAL);
    await world.polls(3);
    await pass(INTERVAL);
    await world.polls(4);
  });

  it("learn of a refresh in another tab at once, even when hidden", async () => {
    const browser = createFakeBrowser();
    const first = world.watch(browser.openTab());
    const second = world.watch(browser.openTab());
    await pass(0);
    await statusIs(second.watcher, "authenticated");
    first.tab.hide();
    world.server.serve({ authenticated: false });
    await second.watcher.refresh();
    await statusIs(first.watcher, "anonymous");
    expect(world.server.asked).toHaveLength(2);
  });

  it("poll by themselves when the leader fell silent", async () => {
    const browser = createFakeBrowser();
    const silent = browser.openTab();
    const frozen = silent.locks?.request("passbridge-session", {}, () => new Promise(() => undefined));
    expect(frozen).toBeInstanceOf(Promise);
    const { watcher } = world.watch(browser.openTab());
    await pass(2_999);
    expect(world.server.asked).toEqual([]);
    await pass(1);
    await statusIs(watcher, "authenticated");
  });

  it("poll by themselves when the browser refuses the lock", async () => {
    const tab = { ...createFakeBrowser().openTab(), locks: { request: () => Promise.reject(new Error("refused")) } };
    const { watcher } = world.watch(tab as FakeTab);
    await pass(0);
    await statusIs(watcher, "authenticated");
  });
});
