import { describe, expect, it } from "vitest";
import type { SourceAnswer } from "../sessions/session.ts";
import { createCachedWhoami } from "./cached-whoami.ts";

function scripted(answers: SourceAnswer[]) {
  const waiting: Array<() => void> = [];
  let calls = 0;
  return {
    calls: () => calls,
    release: () => waiting.splice(0).forEach((go) => void go()),
    whoami: () => {
      const answer = answers[Math.min(calls, answers.length - 1)] ?? { kind: "none" as const };
      calls += 1;
      return new Promise<SourceAnswer>((resolve) => waiting.push(() => resolve(answer)));
    },
  };
}

const none: SourceAnswer = { kind: "none" };
const away: SourceAnswer = { kind: "unavailable", cause: new Error("away") };

describe("createCachedWhoami", () => {
  it("makes identical concurrent look-ups one and keeps the answer", async () => {
    const kratos = scripted([none]);
    const cached = createCachedWhoami(kratos, 60_000);
    const asked = Promise.all([cached.whoami("a"), cached.whoami("a"), cached.whoami("a")]);
    kratos.release();
    expect(await asked).toEqual([none, none, none]);
    expect(await cached.whoami("a")).toEqual(none);
    expect(kratos.calls()).toBe(1);
  });

  it("never keeps an outage", async () => {
    const kratos = scripted([away, none]);
    const cached = createCachedWhoami(kratos, 60_000);
    const first = cached.whoami("a");
    kratos.release();
    expect((await first).kind).toBe("unavailable");
    const second = cached.whoami("a");
    kratos.release();
    expect(await second).toEqual(none);
  });

  it("does not keep an answer that was under way when its cookie was dropped", async () => {
    const kratos = scripted([none]);
    const cached = createCachedWhoami(kratos, 60_000);
    const first = cached.whoami("a");
    cached.drop("a");
    kratos.release();
    await first;
    void cached.whoami("a");
    expect(kratos.calls()).toBe(2);
  });

  it("asks every time when the cache is off", async () => {
    const kratos = scripted([none]);
    const cached = createCachedWhoami(kratos, 0);
    for (const expected of [1, 2]) {
      const asked = cached.whoami("a");
      kratos.release();
      await asked;
      expect(kratos.calls()).toBe(expected);
    }
  });
});
