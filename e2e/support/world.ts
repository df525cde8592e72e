import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { planDashboard, planGateway } from "../../scripts/parts/node-services.ts";
import { createPart, type Part, type PartPlan } from "../../scripts/parts/part.ts";
import { runOrThrow } from "../../scripts/run-command.ts";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { issueCertificate, type ServerCertificate } from "../../scripts/tls/certificate.ts";
import type { Built } from "./build.ts";

/** Everything a person meets, as processes of their own: the gateway, the dashboard behind it, and all parts. */
export type World = {
  /** What people type into the address bar. */
  readonly origin: string;
  readonly stack: TestStack;
  readonly gateway: Part;
  readonly dashboard: Part;
  /** Under https: the file of the CA a browser has to trust. */
  readonly caFile: string | null;
  stop(): Promise<void>;
};

export type WorldOptions = {
  /** Names its log files in artifacts/e2e. */
  readonly name: string;
  readonly built: Built;
  readonly https?: boolean;
  /** Has people sign in with a code by e-mail too. */
  readonly codeSignIn?: boolean;
  /** Settings of the gateway that differ from those of the other tests. */
  readonly settings?: Readonly<Record<string, string>>;
};

type Plan = {
  readonly built: Built;
  readonly stack: TestStack;
  readonly origin: string;
  readonly port: number;
  readonly dashboardPort: number;
  readonly certificate: ServerCertificate | null;
  readonly settings: Readonly<Record<string, string>>;
};

function gatewayEnvironment({
  built,
  stack,
  origin,
  port,
  dashboardPort,
  certificate,
  settings,
}: Plan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    PORT: String(port),
    OPERATOR_PORT: "0",
    PAGES_DIR: built.pages,
    UPSTREAM_URL: `http://127.0.0.1:${dashboardPort}`,
    KRATOS_PUBLIC_URL: stack.kratosPublicUrl,
    KRATOS_ADMIN_URL: stack.kratosAdminUrl,
    DATABASE_URL: stack.databaseUrl,
    REDIS_URL: stack.redisUrl,
    SMTP_URL: stack.smtpUrl,
    SESSION_SECRETS: randomBytes(32).toString("base64url"),
    // Everybody in these tests comes from one address.
    RATE_LIMIT_FACTOR: "1000",
    ...(certificate && { TLS_CERT_FILE: certificate.certificateFile, TLS_KEY_FILE: certificate.keyFile }),
    ...settings,
  };
}

function dashboardEnvironment({ origin, dashboardPort, certificate }: Plan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    GATEWAY_URL: origin,
    DASHBOARD_PORT: String(dashboardPort),
    ...(certificate && { NODE_EXTRA_CA_CERTS: certificate.caFile }),
  };
}

/** The programs themselves, run from the sources and the set-aside build. */
function servicePlans(plan: Plan): { readonly gateway: PartPlan; readonly dashboard: PartPlan } {
  const gateway = planGateway({ environment: gatewayEnvironment(plan), port: plan.port });
  const dashboard = planDashboard({ environment: dashboardEnvironment(plan), port: plan.dashboardPort });
  return {
    gateway: { ...gateway, args: ["gateway/src/main.ts"] },
    dashboard: { ...dashboard, args: [join(plan.built.dashboard, "server.js")] },
  };
}

async function startServices(plan: Plan, name: string): Promise<Pick<World, "gateway" | "dashboard">> {
  const plans = servicePlans(plan);
  const create = (service: keyof typeof plans) => {
    const log = join(CHECKOUT, "artifacts/e2e", `${name}-${service}.log`);
    rmSync(log, { force: true });
    return createPart(plans[service], log);
  };
  const { command, env, cwd = CHECKOUT } = plans.gateway;
  await runOrThrow(command, ["gateway/src/migrate.ts", "latest"], { cwd, env });
  const services = { gateway: create("gateway"), dashboard: create("dashboard") };
  try {
    await Promise.all([services.gateway.start(), services.dashboard.start()]);
    return services;
  } catch (error) {
    await Promise.all([services.gateway.stop(), services.dashboard.stop()]);
    throw error;
  }
}

/**
 * Starts a whole Passbridge on free ports, with empty databases.
 * @throws Failure when a part does not start; nothing is left behind then.
 */
export async function startWorld({ name, built, https = false, ...options }: WorldOptions): Promise<World> {
  const { codeSignIn = false } = options;
  const settings = { CODE_SIGN_IN: String(codeSignIn), ...options.settings };
  const folder = mkdtempSync(join(tmpdir(), "passbridge-e2e-"));
  const [port, dashboardPort] = [await findFreePort(), await findFreePort()];
  const origin = `${https ? "https" : "http"}://localhost:${port}`;
  const certificate = https ? await issueCertificate(folder) : null;
  const stack = await startTestStack({ publicUrl: origin, codeSignIn });
  const end = async () => {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const services = await startServices({ built, stack, origin, port, dashboardPort, certificate, settings }, name);
    const stop = async () => {
      await Promise.all([services.gateway.stop(), services.dashboard.stop()]);
      await end();
    };
    return { origin, stack, ...services, caFile: certificate?.caFile ?? null, stop };
  } catch (error) {
    await end();
    throw error;
  }
}
