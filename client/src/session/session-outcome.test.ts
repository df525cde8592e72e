import { describe, expect, it } from "vitest";
import { authenticatedSession } from "../../test/support/sessions.ts";
import { ApiError } from "../client.ts";
import { askSession, type Known, learn, NOTHING_KNOWN, type SessionOutcome } from "./session-outcome.ts";

const answered = (askedAt: number, etag: string | null = '"1"'): SessionOutcome => ({
  kind: "answered",
  session: authenticatedSession(),
  etag,
  askedAt,
});
const failed = (askedAt: number): SessionOutcome => ({ kind: "failed", retryAfter: 5, askedAt });

describe("learn", () => {
  it("keeps the object of an answer with the same ETag", () => {
    const first = learn(NOTHING_KNOWN, answered(1));
    const second = learn(first, answered(2));
    expect(second.session).toBe(first.session);
    expect(second.askedAt).toBe(2);
  });

  it("takes another object for another ETag, or none", () => {
    const first = learn(NOTHING_KNOWN, answered(1));
    expect(learn(first, answered(2, '"2"')).session).not.toBe(first.session);
    const untagged = learn(NOTHING_KNOWN, answered(1, null));
    expect(learn(untagged, answered(2, null)).session).not.toBe(untagged.session);
  });

  it("keeps the session over failures, counts them, and forgets them with an answer", () => {
    const known = [answered(1), failed(2), failed(3)].reduce(learn, NOTHING_KNOWN);
    expect(known).toMatchObject({ session: authenticatedSession(), failures: 2, retryAfter: 5 });
    expect(learn(known, answered(4))).toMatchObject({ failures: 0, retryAfter: undefined });
  });

  it.each([
    ["an answer", answered],
    ["a failure", failed],
  ])("ignores %s to a question that was not later", (_name, outcome) => {
    const known = learn(NOTHING_KNOWN, answered(5));
    expect(learn(known, outcome(4))).toBe(known);
    expect(learn(known, outcome(5))).toBe(known);
  });
});

describe("askSession", () => {
  const { signal } = new AbortController();
  const known: Known = { ...NOTHING_KNOWN, session: authenticatedSession(), etag: '"1"', askedAt: 1 };

  it("asks with the ETag only when the session is at hand", async () => {
    const asked: Array<string | null> = [];
    const pollSession = async (etag: string | null) => {
      asked.push(etag);
      return { kind: "changed", session: { authenticated: false }, etag: null } as const;
    };
    await askSession({ pollSession }, NOTHING_KNOWN, signal);
    await askSession({ pollSession }, known, signal);
    expect(asked).toEqual([null, '"1"']);
  });

  it("gives the session at hand for a 304", async () => {
    const outcome = await askSession({ pollSession: async () => ({ kind: "unchanged" }) }, known, signal);
    expect(outcome).toMatchObject({ kind: "answered", session: known.session });
  });

  it("is later than what is known, though the clock was set back", async () => {
    const ahead = { ...known, askedAt: Date.now() + 3_600_000 };
    const outcome = await askSession({ pollSession: async () => ({ kind: "unchanged" }) }, ahead, signal);
    expect(outcome?.askedAt).toBe(ahead.askedAt + 1);
  });

  it("reads every error as failed, with the wait it asks for", async () => {
    const error = new ApiError({ code: "dependency_unavailable", status: 503, detail: "", retryAfter: 7 });
    const refuse = (thrown: Error) => ({ pollSession: () => Promise.reject(thrown) });
    expect(await askSession(refuse(error), known, signal)).toMatchObject({ kind: "failed", retryAfter: 7 });
    const other = await askSession(refuse(new TypeError("x")), known, signal);
    expect(other).toMatchObject({ kind: "failed", retryAfter: undefined });
  });

  it("is null when it was given up", async () => {
    const pollSession = () => Promise.reject(new Error("aborted"));
    expect(await askSession({ pollSession }, known, AbortSignal.abort())).toBeNull();
  });
});
