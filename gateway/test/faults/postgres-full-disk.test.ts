import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { expectThrough } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { createSmallDisk, type SmallDisk } from "./full-disk.ts";
import { cellsOf } from "./table-cases.ts";

let disk: SmallDisk;
let stack: TestStack;
let world: FaultWorld;
let databaseUrl: string;
beforeAll(async () => {
  [disk, stack] = await Promise.all([createSmallDisk(), startTestStack({ parts: ["postgres"] })]);
  world = await createFaultWorld({ databaseUrl: stack.databaseUrl }, async (url) => {
    databaseUrl = url;
    await disk.take(url);
  });
});
afterAll(async () => {
  await world?.stop();
  await stack?.stop();
  await disk?.remove();
});

test("PostgreSQL with its disk full", async () => {
  const trouble = { begin: () => disk.fill(databaseUrl), end: disk.makeRoom };
  await expectThrough(world, trouble, cellsOf("PostgreSQL", "fullDisk"));
  expect((await world.browser().fetch("/health/ready")).status).toBe(200);
});
