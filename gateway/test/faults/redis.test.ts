import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { act } from "./fault-actions.ts";
import { expectThrough, onWays } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { networkFaultsOf } from "./table-cases.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await createFaultWorld();
});
afterAll(() => world.stop());

describe("Redis", () => {
  it.each(networkFaultsOf("Redis"))("$words", ({ fault, cells }) => {
    return expectThrough(world, onWays(world, ["redis"], fault), cells);
  });

  it("gone between a recovery code and its session: the code is good afterwards", async () => {
    const account = world.accounts.password;
    const before = await world.holdingsOf(account);
    const signedIn = act("recoveryCode", world.browser(), account);
    const isSpent = async () => (await world.holdingsOf(account)).codes;
    await expect.poll(isSpent, { interval: 5, timeout: 10_000 }).toBe(before.codes - 1);
    world.ways.redis.turn({ kind: "refuse" });
    expect(await signedIn).toBe("unavailable");
    expect(await world.holdingsOf(account)).toEqual(before);
    world.ways.redis.heal();
    await expect.poll(() => act("recoveryCode", world.browser(), account), { timeout: 10_000 }).toBe("works");
    expect((await world.holdingsOf(account)).codes).toBe(before.codes - 1);
  });
});
