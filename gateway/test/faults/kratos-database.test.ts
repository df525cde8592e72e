import { afterAll, beforeAll, describe, it } from "vitest";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { expectThrough } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { cellsOf } from "./table-cases.ts";

let stack: TestStack;
let world: FaultWorld;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres", "mail", "kratos"] });
  const { kratosPublicUrl, kratosAdminUrl } = stack;
  world = await createFaultWorld({ kratosPublicUrl, kratosAdminUrl });
});
afterAll(async () => {
  await world.stop();
  await stack.stop();
});

describe("Kratos, which asks its own database", () => {
  it("is an outage while that is away, and ends nobody's session", () =>
    expectThrough(world, { begin: stack.postgres.stop, end: stack.postgres.start }, cellsOf("Kratos", "noDatabase")));
});
