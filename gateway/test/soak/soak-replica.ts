import { join } from "node:path";
import { findFreePort } from "../../../scripts/free-port.ts";
import { planGateway } from "../../../scripts/parts/node-services.ts";
import { createPart, type Part } from "../../../scripts/parts/part.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import type { WayName } from "./plan.ts";

/** Addresses of the parts, past all faults. */
export type Targets = Readonly<Record<WayName, string>>;

/** A gateway in a process of its own, with ways of its own to each part. */
export type Replica = {
  readonly address: string;
  readonly part: Part;
  readonly ways: Readonly<Record<WayName, FaultProxy>>;
  readonly stop: () => Promise<void>;
};

async function startWays(targets: Targets): Promise<Replica["ways"]> {
  const [kratosPublic, kratosAdmin, redis, postgres, smtp, upstream] = await Promise.all([
    startFaultProxy(targets.kratosPublic),
    startFaultProxy(targets.kratosAdmin),
    startFaultProxy(targets.redis),
    startFaultProxy(targets.postgres),
    startFaultProxy(targets.smtp),
    startFaultProxy(targets.upstream),
  ]);
  return { kratosPublic, kratosAdmin, redis, postgres, smtp, upstream };
}

/** @param env what all replicas have in common. */
export async function startReplica(
  name: string,
  targets: Targets,
  operatorPort: number,
  env: Readonly<Record<string, string>>,
  logs: string,
): Promise<Replica> {
  const ways = await startWays(targets);
  const port = await findFreePort();
  const environment = {
    PATH: process.env.PATH,
    ...env,
    PORT: String(port),
    OPERATOR_PORT: String(operatorPort),
    DATABASE_URL: ways.postgres.url,
    REDIS_URL: ways.redis.url,
    KRATOS_PUBLIC_URL: ways.kratosPublic.url,
    KRATOS_ADMIN_URL: ways.kratosAdmin.url,
    SMTP_URL: `${ways.smtp.url}?disable_starttls=true`,
    UPSTREAM_URL: ways.upstream.url,
  };
  const plan = planGateway({ environment, port });
  const part = createPart(
    { ...plan, args: [...plan.args.slice(0, -1), "gateway/src/main.ts"] },
    join(logs, `${name}.log`),
  );
  await part.start();
  return {
    address: `http://127.0.0.1:${port}`,
    part,
    ways,
    stop: async () => {
      await part.stop();
      for (const way of Object.values(ways)) way.stop();
    },
  };
}
