import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { checkHttp } from "../../scripts/parts/http-check.ts";
import { planGateway } from "../../scripts/parts/node-services.ts";
import { createPart, type Part, type PartPlan } from "../../scripts/parts/part.ts";
import { runOrThrow } from "../../scripts/run-command.ts";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";

const UPSTREAM = import.meta.resolve("./baselines/upstream.ts");

export type Baseline = {
  /** The program, as a file URL. */
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A path that answers 200 when it is ready. */
  readonly readyPath?: string;
};

/** A running server: where the load tool reaches it, and the process that answers. */
export type Server = { readonly address: string; readonly pid: number };

/** The gateway as one process over real parts, its upstream, and what is held against it. */
export type Bench = {
  readonly stack: TestStack;
  /** The origin people use. */
  readonly origin: string;
  readonly gateway: Server;
  readonly kratos: Server;
  readonly upstream: Server;
  readonly secret: string;
  /** Starts a program in a process of its own. */
  readonly startBaseline: (baseline: Baseline) => Promise<Server>;
  /** Starts a gateway like the first one over a database of its own, which is migrated. */
  readonly startSecondGateway: (databaseUrl: string) => Promise<Pick<Bench, "gateway" | "origin">>;
  readonly stop: () => Promise<void>;
};

function serverOf(part: Part, address: string): Server {
  const pid = part.pid();
  if (pid === null) throw new Error(`${part.name} does not run`);
  return { address, pid };
}

function planProgram({ program, env = {}, readyPath = "/ready" }: Baseline, port: number): PartPlan {
  return {
    name: program,
    command: process.execPath,
    args: [fileURLToPath(program)],
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...env },
    cwd: CHECKOUT,
    readyTimeout: 20_000,
    check: () => checkHttp(`http://127.0.0.1:${port}${readyPath}`),
  };
}

type GatewayPlan = {
  readonly port: number;
  readonly databaseUrl: string;
  readonly upstream: string;
  readonly secret: string;
};

function gatewayEnvironment(stack: TestStack, { port, databaseUrl, upstream, secret }: GatewayPlan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    LOG_LEVEL: process.env.LOG_LEVEL,
    PUBLIC_URL: `http://localhost:${port}`,
    OPERATOR_PORT: "0",
    HOST: "127.0.0.1",
    PORT: String(port),
    UPSTREAM_URL: upstream,
    DATABASE_URL: databaseUrl,
    REDIS_URL: stack.redisUrl,
    SMTP_URL: stack.smtpUrl,
    KRATOS_PUBLIC_URL: stack.kratosPublicUrl,
    KRATOS_ADMIN_URL: stack.kratosAdminUrl,
    SESSION_SECRETS: secret,
    KRATOS_HOOK_SECRET: secret,
    // The limits count by address, and every request here comes from one.
    RATE_LIMIT_FACTOR: "1000000",
  };
}

type StartPart = (plan: PartPlan) => Promise<Part>;

async function startGateway(stack: TestStack, start: StartPart, plan: GatewayPlan, nodeOptions: readonly string[]) {
  const environment = gatewayEnvironment(stack, plan);
  await runOrThrow(process.execPath, ["gateway/src/migrate.ts", "latest"], { cwd: CHECKOUT, env: environment });
  const part = planGateway({ environment, port: plan.port });
  return serverOf(
    await start({ ...part, args: [...nodeOptions, "gateway/src/main.ts"] }),
    `http://127.0.0.1:${plan.port}`,
  );
}

/** @param nodeOptions options of Node for the gateway's process, such as --cpu-prof. */
export async function startBench(nodeOptions: readonly string[] = []): Promise<Bench> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "passbridge-bench-"));
  const stack = await startTestStack({ publicUrl: origin });
  const programs: Part[] = [];
  const stop = async () => {
    for (const part of programs.toReversed()) await part.stop();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async (plan: PartPlan) => {
    const part = createPart(plan, join(folder, `${programs.length}.log`));
    programs.push(part);
    await part.start();
    return part;
  };
  const startBaseline: Bench["startBaseline"] = async (baseline) => {
    const itsPort = await findFreePort();
    const part = await start(planProgram(baseline, itsPort));
    return serverOf(part, `http://127.0.0.1:${itsPort}`);
  };
  try {
    const upstream = await startBaseline({ program: UPSTREAM });
    const secret = randomBytes(32).toString("base64url");
    const shared = { upstream: upstream.address, secret };
    const gateway = await startGateway(stack, start, { ...shared, port, databaseUrl: stack.databaseUrl }, nodeOptions);
    const startSecondGateway: Bench["startSecondGateway"] = async (databaseUrl) => {
      const itsPort = await findFreePort();
      const server = await startGateway(stack, start, { ...shared, port: itsPort, databaseUrl }, []);
      return { gateway: server, origin: `http://localhost:${itsPort}` };
    };
    const kratos = serverOf(stack.kratos, stack.kratosPublicUrl);
    return { stack, origin, gateway, kratos, upstream, secret, startBaseline, startSecondGateway, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
