import { createOutput } from "../../../scripts/manage/output.ts";
import { ensureBuilt } from "../../../scripts/manage/build.ts";
import type { Bench } from "../processes.ts";
import type { Work } from "../rounds.ts";
import { createStartSide } from "../starts.ts";

/** The gateway as operators run it, against an application with the same stores that does nothing: starts a second. */
export async function createStartWorks({ gatewayEnvironment, stack }: Bench): Promise<Work[]> {
  await ensureBuilt(createOutput());
  const gateway = createStartSide("gateway", {
    file: "gateway/dist/src/main.js",
    environment: gatewayEnvironment,
    readyPath: "/health/ready",
  });
  const empty = createStartSide("empty Express app over the same PostgreSQL and Redis", {
    file: "bench/src/baselines/empty-app.ts",
    environment: (port) => ({
      PATH: process.env.PATH,
      NODE_ENV: "production",
      PORT: String(port),
      DATABASE_URL: stack.databaseUrl,
      REDIS_URL: stack.redisUrl,
    }),
    readyPath: "/health/ready",
  });
  return [{ name: "start to ready", gateway, baselines: [{ ...empty, target: { atLeast: 1 / 1.5 } }] }];
}
