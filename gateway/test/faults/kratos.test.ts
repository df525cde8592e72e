import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { act } from "./fault-actions.ts";
import { expectThrough, onWays, type Trouble } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { networkFaultsOf } from "./table-cases.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await createFaultWorld();
});
afterAll(() => world.stop());

/** Once the circuits are open, neither kind of passkey user waits for Kratos, whatever else they hold. */
async function costingNothing(trouble: Trouble): Promise<Trouble> {
  const people = await Promise.all([world.enter("passkey"), world.enter("both")]);
  const meanwhile = async () => {
    const start = performance.now();
    for (const browser of people) {
      for (let time = 0; time < 20; time += 1) {
        expect(await act("page", browser, world.accounts.passkey)).toBe("works");
      }
    }
    // Forty requests take less than a tenth of the deadlines that each would have waited out.
    expect(performance.now() - start).toBeLessThan(4 * world.gateway.config.kratos.timeout);
  };
  return { ...trouble, meanwhile };
}

describe("Kratos", () => {
  it.each(networkFaultsOf("Kratos"))("$words", async ({ fault, cells }) => {
    const trouble = onWays(world, ["kratosPublic", "kratosAdmin"], fault);
    await expectThrough(world, fault.kind === "hang" ? await costingNothing(trouble) : trouble, cells);
  });
});
