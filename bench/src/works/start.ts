import { fileURLToPath } from "node:url";
import type { Bench } from "../processes.ts";
import type { Work } from "../rounds.ts";
import { createStartSide } from "../starts.ts";

const EMPTY_APP = fileURLToPath(import.meta.resolve("../baselines/empty-app.ts"));
const TARGET = { atLeast: 1 / 1.5 };

/** The gateway as operators run it against an application with the same stores that does nothing: starts a second. */
export async function createStartWorks({ planAt, stack }: Bench): Promise<Work[]> {
  const gateway = createStartSide("gateway", planAt);
  const stores = { DATABASE_URL: stack.databaseUrl, REDIS_URL: stack.redisUrl };
  const empty = createStartSide("empty Express over the same PostgreSQL and Redis", (port) => ({
    args: [EMPTY_APP],
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...stores },
  }));
  return [{ name: "start to ready", gateway, baselines: [{ ...empty, target: TARGET }] }];
}
