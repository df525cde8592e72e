import { pino } from "pino";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { createHookDoor, type HookDoor } from "./hook-door.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./start-gateway.ts";

export type HookedGateway = {
  readonly stack: TestStack;
  readonly gateway: RunningGateway;
  readonly door: HookDoor;
  /** What the gateway logged. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly stop: () => Promise<void>;
};

/** A gateway that keeps answers for long, and a Kratos of its own that tells it of changes. */
export async function startHookedGateway(env: Readonly<Record<string, string>> = {}): Promise<HookedGateway> {
  const door = await createHookDoor();
  const stack = await startTestStack({ hooks: door.hooks });
  const lines: Record<string, unknown>[] = [];
  const gateway = await startGateway({
    stack,
    env: {
      DATABASE_URL: await createTestDatabase(stack.databaseUrl),
      KRATOS_HOOK_SECRET: door.hooks.secret,
      KRATOS_SESSION_CACHE_TTL: "60s",
      IDENTITY_CACHE_TTL: "60s",
      ...env,
    },
    overrides: { log: pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) }) },
  });
  door.open(gateway);
  return {
    stack,
    gateway,
    door,
    lines,
    stop: async () => {
      door.close();
      await gateway.stop();
      await stack.stop();
    },
  };
}
