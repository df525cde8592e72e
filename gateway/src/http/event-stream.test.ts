import { beforeEach, describe, expect, it, vi } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import type { SourceSession } from "../sessions/session.ts";
import { createEventStream, type EventStream, type Told } from "./event-stream.ts";
import type { EventWriter } from "./event-writer.ts";

const session = unifiedSession();
const told = (text: string, of = session): Told => ({ session: of, text });

let written: string[];
let answer: Promise<Told> | Told | null;
let asked: number;
let time: Date;
const writer: EventWriter = {
  event: (_name, _id, data) => void written.push(data),
  comment: () => void written.push(":"),
  retry: () => undefined,
  end: () => void written.push("end"),
};

function open(first: Told): EventStream {
  return createEventStream(
    {
      writer,
      ask: async () => {
        asked += 1;
        return answer;
      },
      clock: () => time,
      lookEvery: 3_600_000,
      browser: "this-browser",
      kratosCookieKey: "key",
    },
    first,
  );
}

beforeEach(() => {
  written = [];
  asked = 0;
  time = new Date();
  answer = told("one");
});

describe("an event stream", () => {
  it("tells what it was opened with at once, and the same again never", async () => {
    const stream = open(told("one"));
    await stream.ask();
    answer = told("two");
    await stream.ask();
    await stream.ask();
    expect(written).toEqual(["one", "two"]);
  });

  it.each([
    ["the end of its session", { kind: "ended", ending: { sessionId: session.passkey?.id ?? "" } }],
    ["the end of its identity's others", { kind: "ended", ending: { identityId: session.identity.id, kept: ["x"] } }],
    ["a change of its identity", { kind: "changed", change: { identityId: session.identity.id } }],
    ["a change of its Kratos cookie", { kind: "changed", change: { kratosCookieKey: "key" } }],
  ] as const)("asks after %s", (_what, news) => {
    const stream = open(told("one"));
    expect(stream.isDue()).toBe(false);
    stream.hear(news);
    expect(stream.isDue()).toBe(true);
    expect(written).toEqual(["one"]);
  });

  it.each([
    ["another session's end", { kind: "ended", ending: { sessionId: "another" } }],
    ["a change of another identity", { kind: "changed", change: { identityId: "another" } }],
    ["a change of another Kratos cookie", { kind: "changed", change: { kratosCookieKey: "another" } }],
    ["another browser's new cookies", { kind: "changed", change: { browser: "another" } }],
  ] as const)("does not ask after %s", (_what, news) => {
    const stream = open(told("one"));
    stream.hear(news);
    expect(stream.isDue()).toBe(false);
    expect(written).toEqual(["one"]);
  });

  it("asks once more after news of a session that it learned of only by the answer under way", async () => {
    const stream = open(told("one"));
    const password: SourceSession = { ...(session.passkey as SourceSession), kind: "password", id: "learned-of" };
    const underWay = Promise.withResolvers<Told>();
    answer = underWay.promise;
    const asking = stream.ask();
    stream.hear({ kind: "ended", ending: { sessionId: "another" } });
    stream.hear({ kind: "ended", ending: { sessionId: "learned-of" } });
    underWay.resolve(told("two", unifiedSession({ passkey: null, password })));
    await asking;
    expect(stream.isDue()).toBe(true);
    answer = { session: null, text: "nobody" };
    await stream.ask();
    expect(stream.isDue()).toBe(false);
    expect(written).toEqual(["one", "two", "nobody"]);
  });

  it("asks within a second after news were missed", async () => {
    const stream = open(told("one"));
    stream.hear({ kind: "missed" });
    await vi.waitFor(() => expect(stream.isDue()).toBe(true), { timeout: 5_000 });
  });

  it("ends for a session in place of its own, instead of telling that its own has ended", () => {
    const [own, others] = [open(told("one")), open(told("one"))];
    others.hear({ kind: "changed", change: { replacedSessionId: "another" } });
    own.hear({ kind: "changed", change: { replacedSessionId: session.passkey?.id ?? "" } });
    expect(written).toEqual(["one", "one", "end"]);
  });

  it("ends for new cookies of its browser, and when it would be another person's", async () => {
    open(told("one")).hear({ kind: "changed", change: { browser: "this-browser" } });
    expect(written).toEqual(["one", "end"]);
    written = [];
    const stream = open(told("one"));
    answer = told("two", unifiedSession({ identity: { id: "another" } }));
    await stream.ask();
    expect(written).toEqual(["one", "end"]);
  });

  it("says nothing while it cannot be decided, and asks again soon", async () => {
    const stream = open(told("one"));
    answer = null;
    await stream.ask();
    expect(written).toEqual(["one", ":"]);
    expect(stream.isDue()).toBe(false);
    answer = { session: null, text: "nobody" };
    await stream.ask();
    expect(written).toEqual(["one", ":", "nobody"]);
  });

  it("asks when its session's time is up, but not all the time", async () => {
    const stream = open(told("one"));
    time = session.expiresAt;
    expect(stream.isDue()).toBe(true);
    await stream.ask();
    expect(stream.isDue()).toBe(false);
    await vi.waitFor(() => expect(stream.isDue()).toBe(true), { timeout: 5_000 });
    expect(asked).toBe(1);
  });

  it("asks once more for news that come while it asks", async () => {
    const stream = open(told("one"));
    const asking = stream.ask();
    stream.hear({ kind: "changed", change: { identityId: session.identity.id } });
    expect(stream.isDue()).toBe(false);
    await asking;
    expect(stream.isDue()).toBe(true);
  });
});
