import { randomBytes } from "node:crypto";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { planGateway } from "../../scripts/parts/node-services.ts";
import type { PartPlan } from "../../scripts/parts/part.ts";
import { runOrThrow } from "../../scripts/run-command.ts";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { upstreamBlock } from "./nginx-baselines.ts";
import { createPrograms, type Programs, type Server, serverOf } from "./programs.ts";
import { FULL, type Scale } from "./scale.ts";

const SINK = import.meta.resolve("./baselines/body-sink.ts");

/** The gateway as one process over real parts, its upstream, and what is held against it. */
export type Bench = Pick<Programs, "startBaseline" | "startNginx" | "folder"> & {
  readonly stack: TestStack;
  /** The origin people use. */
  readonly origin: string;
  readonly gateway: Server;
  readonly kratos: Server;
  /** nginx with `/page` from memory, `/large` from a file, and `/who` with the identity it was told. */
  readonly upstream: Server;
  /** Takes the bodies sent to `/sink`. */
  readonly sink: Server;
  readonly secret: string;
  /** Starts a gateway like the first one over a database of its own, which is migrated, with some settings changed. */
  readonly startSecondGateway: (
    databaseUrl: string,
    changes?: NodeJS.ProcessEnv,
  ) => Promise<Pick<Bench, "gateway" | "origin">>;
  /** How a gateway like the first one is run at another port. */
  readonly planAt: (port: number) => PartPlan;
  /** Starts another world with parts of its own, which ends with this one. */
  readonly startAnother: () => Promise<Bench>;
  readonly others: readonly Bench[];
  readonly stop: () => Promise<void>;
};

type GatewayPlan = Pick<Bench, "upstream" | "secret"> & {
  readonly port: number;
  readonly databaseUrl: string;
  readonly rules: string;
  readonly changes?: NodeJS.ProcessEnv;
};

function gatewayEnvironment(stack: TestStack, plan: GatewayPlan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    LOG_LEVEL: process.env.LOG_LEVEL,
    PUBLIC_URL: `http://localhost:${plan.port}`,
    OPERATOR_PORT: "0",
    HOST: "127.0.0.1",
    PORT: String(plan.port),
    UPSTREAM_URL: plan.upstream.address,
    ROUTES_FILE: plan.rules,
    DATABASE_URL: plan.databaseUrl,
    REDIS_URL: stack.redisUrl,
    SMTP_URL: stack.smtpUrl,
    KRATOS_PUBLIC_URL: stack.kratosPublicUrl,
    KRATOS_ADMIN_URL: stack.kratosAdminUrl,
    SESSION_SECRETS: plan.secret,
    KRATOS_HOOK_SECRET: plan.secret,
    // Who asks at the exits for other proxies.
    TRUSTED_PROXIES: "127.0.0.1",
    // Of 32 who sign in at the same time on a busy machine some wait for longer than they should, and a refusal ends the bench.
    KRATOS_TIMEOUT: "30s",
    // The limits count by address, and every request here comes from one.
    RATE_LIMIT_FACTOR: "1000000",
    ...plan.changes,
  };
}

/** Everything needs a session, as without rules; large bodies go to who takes them in for least. */
const routeRules = (sink: Server) => `version: 1
upstreams:
  sink: { url: ${sink.address} }
rules:
  - { name: sink, path: { exact: /sink }, require: session, upstream: sink }
  - { name: everything-else, path: { prefix: / }, require: session }
`;

/** As operators run it; but a profile names functions by where their sources are. */
function planOf(stack: TestStack, plan: GatewayPlan, nodeOptions: readonly string[], { built }: Scale): PartPlan {
  const sources = !built || nodeOptions.length > 0;
  const part = planGateway({ environment: gatewayEnvironment(stack, plan), port: plan.port, sources });
  return { ...part, args: [...nodeOptions, ...part.args] };
}

async function startGateway(stack: TestStack, programs: Programs, plan: GatewayPlan, part: PartPlan) {
  const env = gatewayEnvironment(stack, plan);
  await runOrThrow(process.execPath, ["gateway/src/migrate.ts", "latest"], { cwd: CHECKOUT, env });
  return serverOf(await programs.start(part), `http://127.0.0.1:${plan.port}`);
}

async function startApplications(programs: Programs, { bodyBytes }: Scale) {
  const largeFile = join(programs.folder, "large");
  writeFileSync(largeFile, "", { mode: 0o644 });
  truncateSync(largeFile, bodyBytes);
  const upstream = await programs.startNginx(({ port }) => upstreamBlock(port, largeFile));
  const sink = await programs.startBaseline({ program: SINK });
  const rules = join(programs.folder, "gateway.yml");
  writeFileSync(rules, routeRules(sink));
  return { upstream, sink, rules };
}

/**
 * Starts the gateway and all it needs.
 * @param nodeOptions options of Node for the gateway's process, such as --cpu-prof.
 */
export async function startBench(nodeOptions: readonly string[] = [], scale: Scale = FULL): Promise<Bench> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const stack = await startTestStack({ publicUrl: origin });
  const programs = createPrograms();
  const others: Bench[] = [];
  const startAnother = async () => {
    const other = await startBench(nodeOptions, scale);
    others.push(other);
    return other;
  };
  const stop = async () => {
    for (const other of others) await other.stop();
    await programs.stop();
    await stack.stop();
  };
  try {
    const secret = randomBytes(32).toString("base64url");
    const { sink, ...shared } = { ...(await startApplications(programs, scale)), secret };
    const first = { ...shared, port, databaseUrl: stack.databaseUrl };
    const planAt = (itsPort: number) => planOf(stack, { ...first, port: itsPort }, nodeOptions, scale);
    const gateway = await startGateway(stack, programs, first, planAt(port));
    const startSecondGateway: Bench["startSecondGateway"] = async (databaseUrl, changes = {}) => {
      const itsPort = await findFreePort();
      const plan = { ...shared, port: itsPort, databaseUrl, changes };
      const server = await startGateway(stack, programs, plan, planOf(stack, plan, [], scale));
      return { gateway: server, origin: `http://localhost:${itsPort}` };
    };
    const kratos = serverOf(stack.kratos, stack.kratosPublicUrl);
    const { upstream } = shared;
    const servers = { gateway, kratos, upstream, sink };
    const more = { startSecondGateway, planAt, startAnother, others };
    return { ...programs, stack, origin, ...servers, secret, ...more, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
