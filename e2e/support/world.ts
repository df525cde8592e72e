import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { type FrontProxyName, planFrontProxy } from "../../scripts/parts/front-proxies.ts";
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
  readonly front: Part | null;
  /** Under https: the file of the CA a browser has to trust. */
  readonly caFile: string | null;
  stop(): Promise<void>;
};

export type WorldOptions = {
  /** Names its log files in artifacts/e2e. */
  readonly name: string;
  readonly built: Built;
  readonly https?: boolean;
  /** The name people type; localhost unless given. One below localhost is this machine too. */
  readonly host?: string;
  /** Keeps people signed in at every host below it. */
  readonly cookieDomain?: string;
  /** Has people sign in with a code by e-mail too. */
  readonly codeSignIn?: boolean;
  /** Settings of the gateway that differ from those of the other tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Another proxy that people come to, with its configuration from deploy/; the dashboard is behind it alone. */
  readonly front?: FrontProxyName;
};

type Plan = {
  readonly built: Built;
  readonly stack: TestStack;
  readonly origin: string;
  readonly port: number;
  readonly dashboardPort: number;
  readonly hooks: { readonly port: number; readonly secret: string };
  readonly certificate: ServerCertificate | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly front: { readonly name: FrontProxyName; readonly folder: string; readonly port: number } | null;
};

function gatewayEnvironment({
  built,
  stack,
  origin,
  port,
  dashboardPort,
  hooks,
  certificate,
  settings,
  front,
}: Plan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    PORT: String(port),
    OPERATOR_PORT: String(hooks.port),
    KRATOS_HOOK_SECRET: hooks.secret,
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
    // Nothing listens on port 9: what reaches the dashboard came through the proxy in front.
    ...(front && { TRUSTED_PROXIES: "127.0.0.1", UPSTREAM_URL: "http://127.0.0.1:9" }),
    ...settings,
  };
}

function dashboardEnvironment({ origin, port, dashboardPort, certificate }: Plan): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    // Not every machine's own resolver knows names below localhost.
    GATEWAY_URL: certificate ? origin : `http://localhost:${port}`,
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

async function planFront({ front, port, dashboardPort }: Plan): Promise<PartPlan | null> {
  if (!front) return null;
  const [gateway, application] = [`127.0.0.1:${port}`, `127.0.0.1:${dashboardPort}`];
  return planFrontProxy(front.name, { ...front, gateway, application });
}

async function startServices(plan: Plan, name: string): Promise<Pick<World, "gateway" | "dashboard" | "front">> {
  const plans = servicePlans(plan);
  const create = (part: PartPlan) => {
    const log = join(CHECKOUT, "artifacts/e2e", `${name}-${part.name}.log`);
    rmSync(log, { force: true });
    return createPart(part, log);
  };
  const { command, env, cwd = CHECKOUT } = plans.gateway;
  await runOrThrow(command, ["gateway/src/migrate.ts", "latest"], { cwd, env });
  const front = await planFront(plan);
  const services = {
    gateway: create(plans.gateway),
    dashboard: create(plans.dashboard),
    front: front && create(front),
  };
  try {
    await Promise.all([services.gateway.start(), services.dashboard.start()]);
    await services.front?.start();
    return services;
  } catch (error) {
    await stopServices(services);
    throw error;
  }
}

async function stopServices({ gateway, dashboard, front }: Pick<World, "gateway" | "dashboard" | "front">) {
  await front?.stop();
  await Promise.all([gateway.stop(), dashboard.stop()]);
}

/**
 * Starts a whole Passbridge on free ports, with empty databases.
 * @throws Failure when a part does not start; nothing is left behind then.
 */
export async function startWorld({ name, built, https = false, ...options }: WorldOptions): Promise<World> {
  const { codeSignIn = false, host = "localhost", cookieDomain = "" } = options;
  const settings = { CODE_SIGN_IN: String(codeSignIn), COOKIE_DOMAIN: cookieDomain, ...options.settings };
  const folder = mkdtempSync(join(tmpdir(), "passbridge-e2e-"));
  // A proxy in front may run under another account, in a folder of its own below.
  chmodSync(folder, 0o711);
  const [port, dashboardPort] = [await findFreePort(), await findFreePort()];
  const front = options.front
    ? { name: options.front, folder: join(folder, "front"), port: await findFreePort() }
    : null;
  const origin = `${https ? "https" : "http"}://${host}:${front?.port ?? port}`;
  const certificate = https ? await issueCertificate(folder) : null;
  const hooks = { port: await findFreePort(), secret: randomBytes(32).toString("base64url") };
  const hookTarget = { url: `http://127.0.0.1:${hooks.port}/hooks/kratos`, secret: hooks.secret };
  const stack = await startTestStack({ publicUrl: origin, codeSignIn, cookieDomain, hooks: hookTarget });
  const end = async () => {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const plan = { built, stack, origin, port, dashboardPort, hooks, certificate, settings, front };
    const services = await startServices(plan, name);
    const stop = async () => {
      await stopServices(services);
      await end();
    };
    return { origin, stack, ...services, caFile: certificate?.caFile ?? null, stop };
  } catch (error) {
    await end();
    throw error;
  }
}
