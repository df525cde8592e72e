import { expect } from "vitest";
import type { Fault } from "../support/fault.ts";
import { type Cells, HEALTHY } from "./fault-table.ts";
import { beginVisit } from "./fault-visit.ts";
import type { FaultWorld } from "./fault-world.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };
const works = { stays: "works" };
const signedOut = { stays: "works", left: "signIn" };

/** A fault on a world: what begins it, and what ends it. */
export type Trouble = {
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
  /** What else is to be so while it lasts. */
  readonly meanwhile?: () => Promise<void>;
};

/**
 * Everybody does everything during the fault and after it. Nobody is signed out by it, everything works again without a
 * restart, and nothing is half made: everybody has what they were told they have.
 */
export async function expectThrough(
  world: FaultWorld,
  { begin, end, meanwhile }: Trouble,
  cells: Cells,
): Promise<void> {
  const visit = await beginVisit(world);
  const cookies = visit.cookies();
  await begin();
  try {
    expect(await visit.act()).toEqual(cells);
    await meanwhile?.();
    expect(visit.cookies()).toEqual(cookies);
  } finally {
    await end();
  }
  await expect.poll(visit.partsAnswer, PATIENCE).toBe(true);
  await expect.poll(visit.states, PATIENCE).toMatchObject({ passkey: works, password: works, both: works });
  expect(await visit.act()).toEqual(HEALTHY);
  expect(await visit.states()).toEqual({ passkey: signedOut, password: signedOut, both: signedOut });
  const { found, told } = await visit.holdings();
  expect(found).toEqual(told);
}

/** A fault on the ways to a part. */
export function onWays(world: FaultWorld, ways: readonly (keyof FaultWorld["ways"])[], fault: Fault): Trouble {
  return {
    begin: () => {
      for (const way of ways) world.ways[way].turn(fault);
    },
    end: () => {
      for (const way of ways) world.ways[way].heal();
    },
  };
}
