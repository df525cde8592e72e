import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { type Built, buildPages } from "./build.ts";
import { startWorld } from "./world.ts";

declare module "vitest" {
  interface ProvidedContext {
    built: Built;
    shared: {
      readonly origin: string;
      readonly mailUrl: string;
      readonly databaseUrl: string;
      readonly gatewayLogs: readonly string[];
      readonly askedLog: string | null;
    };
  }
}

/** Builds what is out of date and starts the shared Passbridge; pictures and logs of an earlier run are removed. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const folder of ["e2e", "screens/e2e"]) {
    rmSync(join(CHECKOUT, "artifacts", folder), { recursive: true, force: true });
  }
  const { remove, ...built } = await buildPages();
  const world = await startWorld({ name: "shared", built });
  project.provide("built", built);
  project.provide("shared", {
    origin: world.origin,
    mailUrl: world.stack.mailUrl,
    databaseUrl: world.stack.databaseUrl,
    gatewayLogs: world.gateways.map(({ logFile }) => logFile),
    askedLog: world.askedLog,
  });
  return async () => {
    await world.stop();
    remove();
  };
}
