import { scryptSync } from "node:crypto";
import { expect, it } from "vitest";
import { createSlowHash, type HashParameters, newHashParameters } from "./slow-hash.ts";

const quick: HashParameters = { ...newHashParameters(), cost: 1024 };

it("is scrypt with the set's own parameters", async () => {
  const parameters = newHashParameters();
  expect(parameters.salt).not.toEqual(newHashParameters().salt);
  const { salt, cost, blockSize, parallelization } = parameters;
  const expected = scryptSync("k7fm29xqpd", salt, 32, { cost, blockSize, parallelization, maxmem: 2 ** 27 });
  expect(await createSlowHash({ atOnce: 2, waiting: 2 })("k7fm29xqpd", parameters)).toEqual(expected);
});

it("leaves the event loop free while it works", async () => {
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  try {
    await createSlowHash({ atOnce: 1, waiting: 0 })("a", newHashParameters());
    expect(turns).toBeGreaterThan(2);
  } finally {
    clearInterval(counting);
  }
});

it("works on a few at once, in turn, and refuses what would wait too long", async () => {
  const slowHash = createSlowHash({ atOnce: 1, waiting: 2 });
  const order: number[] = [];
  const asked = [0, 1, 2, 3, 4].map((place) =>
    slowHash(String(place), quick).then(
      () => order.push(place),
      (error: unknown) => error,
    ),
  );
  const answers = await Promise.all(asked);
  expect(order).toEqual([0, 1, 2]);
  for (const refused of answers.slice(3))
    expect(refused).toMatchObject({ code: "dependency_unavailable", retryAfter: 5 });
});

it("goes on after a hash that failed", async () => {
  const slowHash = createSlowHash({ atOnce: 1, waiting: 1 });
  await expect(slowHash("a", { ...quick, cost: 3 })).rejects.toThrow();
  expect(await slowHash("a", quick)).toHaveLength(32);
});
