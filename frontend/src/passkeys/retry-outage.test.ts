import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../problems/problem.ts";
import { retryOutage } from "./retry-outage.ts";

const outage = (retryAfter?: number) =>
  new ProblemError({ code: "dependency_unavailable", ...(retryAfter === undefined ? {} : { retryAfter }) });

beforeEach(() => {
  vi.stubGlobal("window", globalThis);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("waits as long as it is told to, and tries again", async () => {
  const call = vi.fn<() => Promise<string>>().mockRejectedValueOnce(outage(2)).mockResolvedValueOnce("answer");
  const onWait = vi.fn();
  const result = retryOutage(call, onWait);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(call).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await result).toBe("answer");
  expect(onWait).toHaveBeenCalledOnce();
});

test("gives up in the end", async () => {
  const call = vi.fn<() => Promise<string>>().mockRejectedValue(outage(3_600));
  const result = expect(retryOutage(call, () => undefined)).rejects.toMatchObject({
    problem: { code: "dependency_unavailable" },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await result;
  expect(call).toHaveBeenCalledTimes(4);
});

test("anything but an outage is not tried again", async () => {
  const call = vi.fn<() => Promise<string>>().mockRejectedValue(new ProblemError({ code: "rate_limited" }));
  await expect(retryOutage(call, () => undefined)).rejects.toMatchObject({ problem: { code: "rate_limited" } });
  expect(call).toHaveBeenCalledTimes(1);
});
