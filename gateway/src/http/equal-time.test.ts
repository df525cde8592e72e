import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerInEqualTime, refuseInEqualTime } from "./equal-time.ts";

const QUANTUM = 50;
const MOMENTS = [0, 49, 50, 99, 100, 149, 150, 199, 200];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (milliseconds: number, end: () => string) => () =>
  new Promise<string>((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(end());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });

const refuse = () => {
  throw new Error("refused");
};

/** The first of the moments at which the work's answer or refusal had left. */
async function leavesAt(work: () => Promise<string>, inTime = answerInEqualTime<string>): Promise<number | undefined> {
  let left = false;
  const note = () => {
    left = true;
  };
  inTime(work, QUANTUM).then(note, note);
  let now = 0;
  for (const moment of MOMENTS) {
    await vi.advanceTimersByTimeAsync(moment - now);
    now = moment;
    if (left) return moment;
  }
  return undefined;
}

describe("answerInEqualTime", () => {
  it.each([
    ["at once", async () => "found", 50],
    ["after 1 ms", after(1, () => "found"), 50],
    ["after 49 ms", after(49, () => "found"), 50],
    ["after 51 ms", after(51, () => "found"), 100],
    ["after 140 ms", after(140, () => "found"), 150],
    ["refused at once", async () => refuse(), 50],
    ["refused after 30 ms", after(30, refuse), 50],
    ["refused after 60 ms", after(60, refuse), 100],
  ])("lets work that ends %s leave at a tick", async (_when, work, moment) => {
    expect(await leavesAt(work)).toBe(moment);
  });

  it("hands on what the work returned or threw", async () => {
    const answer = answerInEqualTime(async () => "found", QUANTUM);
    const refusal = expect(answerInEqualTime(async () => refuse(), QUANTUM)).rejects.toThrow("refused");
    await vi.advanceTimersByTimeAsync(QUANTUM);
    expect(await answer).toBe("found");
    await refusal;
  });
});

describe("refuseInEqualTime", () => {
  it.each([
    ["at once", async () => "found", 0],
    ["after 49 ms", after(49, () => "found"), 49],
    ["refused at once", async () => refuse(), 50],
    ["refused after 30 ms", after(30, refuse), 50],
    ["refused after 60 ms", after(60, refuse), 100],
  ])("lets only refusals wait: work that ends %s", async (_when, work, moment) => {
    expect(await leavesAt(work, refuseInEqualTime)).toBe(moment);
  });

  it("hands on what the work returned or threw", async () => {
    expect(await refuseInEqualTime(async () => "found", QUANTUM)).toBe("found");
    const refusal = expect(refuseInEqualTime(async () => refuse(), QUANTUM)).rejects.toThrow("refused");
    await vi.advanceTimersByTimeAsync(QUANTUM);
    await refusal;
  });
});
