import { afterAll, beforeAll, describe, it } from "vitest";
import { expectThrough, onWays } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { networkFaultsOf } from "./table-cases.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await createFaultWorld();
});
afterAll(() => world.stop());

describe("PostgreSQL", () => {
  it.each(networkFaultsOf("PostgreSQL"))("$words", ({ fault, cells }) => {
    return expectThrough(world, onWays(world, ["postgres"], fault), cells);
  });
});
