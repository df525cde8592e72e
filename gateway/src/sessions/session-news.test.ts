import { beforeEach, describe, expect, it, vi } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import type { Messages } from "../redis-messages.ts";
import { isEnded } from "./session-endings.ts";
import { createSessionNews, type SessionNews } from "./session-news.ts";

/** Two replicas' ends of a wire that can be cut. */
function createWire() {
  const ears: ((message: never) => void)[] = [];
  const reachable: (() => void)[] = [];
  const wire = { cut: false, back: () => reachable.forEach((listener) => void listener()) };
  const messages: Messages = {
    topic: () => ({
      announce: async (message) => {
        if (wire.cut) throw new Error("away");
        for (const ear of ears) ear(message as never);
      },
      listen: (onMessage) => void ears.push(onMessage),
    }),
    onListening: () => undefined,
    onReachable: (listener) => void reachable.push(listener),
    close: () => undefined,
  };
  return { wire, messages };
}

const warn = vi.fn();
let world: ReturnType<typeof createWire>;
let here: SessionNews[];
let there: SessionNews[];
let announce: ReturnType<typeof createSessionNews>["endings"]["announce"];
beforeEach(() => {
  warn.mockClear();
  world = createWire();
  [here, there] = [[], []];
  const [own, other] = [createSessionNews(world.messages, { warn }), createSessionNews(world.messages, { warn })];
  own.subscribe((news) => here.push(news));
  other.subscribe((news) => there.push(news));
  announce = own.endings.announce;
});

const ended = (sessionId: string): SessionNews => ({ kind: "ended", ending: { sessionId } });

describe("news of sessions", () => {
  it("are heard once on every replica", async () => {
    announce({ sessionId: "a" });
    expect(here).toEqual([ended("a")]);
    await vi.waitFor(() => expect(there).toEqual([ended("a")]));
    expect(here).toEqual([ended("a")]);
  });

  it("are heard here at once while the others cannot be told, who later learn that they missed something", async () => {
    world.wire.cut = true;
    announce({ sessionId: "a" });
    announce({ sessionId: "b" });
    expect(here).toEqual([ended("a"), ended("b")]);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    world.wire.cut = false;
    world.wire.back();
    await vi.waitFor(() => expect(there).toEqual([{ kind: "missed" }]));
    world.wire.back();
    announce({ sessionId: "c" });
    await vi.waitFor(() => expect(there).toEqual([{ kind: "missed" }, ended("c")]));
    expect(here).toEqual([ended("a"), ended("b"), ended("c")]);
  });
});

describe("isEnded", () => {
  const session = unifiedSession();
  const identityId = session.identity.id;
  const own = session.passkey?.id ?? "";

  it("knows a session by its id, by its identity, and by what was kept", () => {
    expect(isEnded(session, { sessionId: own })).toBe(true);
    expect(isEnded(session, { sessionId: "another" })).toBe(false);
    expect(isEnded(session, { identityId })).toBe(true);
    expect(isEnded(session, { identityId, kept: ["another"] })).toBe(true);
    expect(isEnded(session, { identityId, kept: [own] })).toBe(false);
    expect(isEnded(session, { identityId: "another" })).toBe(false);
  });
});
