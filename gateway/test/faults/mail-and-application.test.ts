import { afterAll, beforeAll, describe, it } from "vitest";
import { expectThrough, onWays } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { networkFaultsOf } from "./table-cases.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await createFaultWorld();
});
afterAll(() => world.stop());

describe("the mail server", () => {
  it.each(networkFaultsOf("the mail server"))("$words", ({ fault, cells }) => {
    return expectThrough(world, onWays(world, ["smtp"], fault), cells);
  });
});

describe("the application", () => {
  it.each(networkFaultsOf("the application"))("$words", ({ fault, cells }) => {
    return expectThrough(world, onWays(world, ["upstream"], fault), cells);
  });
});
