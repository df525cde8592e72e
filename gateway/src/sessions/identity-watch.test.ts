import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { IdentityDirectory, IdentityState } from "../kratos/identity-directory.ts";
import { createIdentityWatch } from "./identity-watch.ts";

const announce = vi.fn();
const asked: string[] = [];
let answer: (identityId: string) => Promise<IdentityState>;
const directory: IdentityDirectory = Object.assign(
  async (identityId: string) => {
    asked.push(identityId);
    return answer(identityId);
  },
  { forget: () => undefined, forgetAll: () => undefined },
);
const away = async (): Promise<IdentityState> => ({ kind: "unavailable", cause: new Error("away") });
const gone = async (): Promise<IdentityState> => ({ kind: "gone" });

beforeEach(() => {
  vi.useFakeTimers();
  announce.mockReset();
  asked.length = 0;
  answer = away;
});
afterEach(() => {
  vi.useRealTimers();
});

it("looks after each identity once, however often it is followed, and ends what is gone", async () => {
  const follow = createIdentityWatch(directory, { announce });
  const leave = [follow("a"), follow("a"), follow("b")];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.sort()).toEqual(["a", "b"]);
  expect(announce).not.toHaveBeenCalled();
  answer = async (id) => (id === "a" ? { kind: "gone" } : away());
  await vi.advanceTimersByTimeAsync(1_000);
  expect(announce.mock.calls).toEqual([[{ identityId: "a" }]]);
  for (const go of leave) go();
});

it("rests while nobody is followed, and counts a follower that leaves twice once", async () => {
  const follow = createIdentityWatch(directory, { announce });
  const [one, other] = [follow("a"), follow("a")];
  one();
  one();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual(["a"]);
  other();
  expect(vi.getTimerCount()).toBe(0);
  const again = follow("b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual(["a", "b"]);
  again();
});

it("asks no more than a bounded number at once, and begins no round before the last is over", async () => {
  const follow = createIdentityWatch(directory, { announce });
  const waiting: (() => void)[] = [];
  answer = () =>
    new Promise((resolve) => {
      waiting.push(() => resolve({ kind: "gone" }));
    });
  const leave = Array.from({ length: 40 }, (_, index) => follow(String(index)));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked).toHaveLength(16);
  answer = gone;
  for (const go of waiting) go();
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(asked).size).toBe(40);
  expect(announce).toHaveBeenCalledTimes(40);
  for (const go of leave) go();
});
