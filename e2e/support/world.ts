import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import type { FrontProxyName } from "../../scripts/parts/front-proxies.ts";
import { createPart, type Part, type PartPlan } from "../../scripts/parts/part.ts";
import { runOrThrow } from "../../scripts/run-command.ts";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { issueCertificate } from "../../scripts/tls/certificate.ts";
import type { Built } from "./build.ts";
import { askedLogOf, type FrontPlan, planApplication, planFront, planGateways, type WorldPlan } from "./world-plan.ts";

type Services = {
  /** Two that take turns behind nginx, unless one is asked for. */
  readonly gateways: readonly Part[];
  readonly dashboard: Part;
  readonly front: Part | null;
};

/** Everything a person meets, as processes of their own: the gateways, the dashboard behind them, and all parts. */
export type World = Services & {
  /** What people type into the address bar. */
  readonly origin: string;
  readonly stack: TestStack;
  /** Where nginx notes whom it asked; null where it does not stand before several gateways. */
  readonly askedLog: string | null;
  /** Under https: the file of the CA a browser has to trust. */
  readonly caFile: string | null;
  stop(): Promise<void>;
};

export type WorldOptions = {
  /** Names its log files in artifacts/e2e. */
  readonly name: string;
  readonly built: Built;
  /** One gateway, which ends TLS itself. */
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

async function startServices(plan: WorldPlan, name: string): Promise<Services> {
  const create = (part: PartPlan) => {
    const log = join(CHECKOUT, "artifacts/e2e", `${name}-${part.name}.log`);
    rmSync(log, { force: true });
    return createPart(part, log);
  };
  const gateways = planGateways(plan);
  for (const { command, env, cwd = CHECKOUT } of gateways.slice(0, 1)) {
    await runOrThrow(command, ["gateway/src/migrate.ts", "latest"], { cwd, env });
  }
  const front = await planFront(plan);
  const services = {
    gateways: gateways.map(create),
    dashboard: create(planApplication(plan)),
    front: front && create(front),
  };
  try {
    await Promise.all([...services.gateways, services.dashboard].map((part) => part.start()));
    await services.front?.start();
    return services;
  } catch (error) {
    await stopServices(services);
    throw error;
  }
}

async function stopServices({ gateways, dashboard, front }: Services): Promise<void> {
  await front?.stop();
  await Promise.all([...gateways, dashboard].map((part) => part.stop()));
}

const REPLICAS = process.env.E2E_REPLICAS === "1" ? 1 : 2;

/** Where people come, and to how many gateways. */
async function choosePlaces({ https, host = "localhost", front: proxy }: WorldOptions, folder: string) {
  const ports = https
    ? [await findFreePort()]
    : await Promise.all(Array.from({ length: REPLICAS }, () => findFreePort()));
  const name = proxy ?? (ports.length > 1 ? "replicas" : null);
  // The proxy may run under another account, in a folder of its own.
  const front: FrontPlan | null = name && { name, folder: join(folder, "front"), port: await findFreePort() };
  const origin = `${https ? "https" : "http"}://${host}:${front?.port ?? ports[0]}`;
  return { ports, front, origin, dashboardPort: await findFreePort() };
}

/**
 * Starts a whole Passbridge on free ports, with empty databases.
 * @throws Failure when a part does not start; nothing is left behind then.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { name, built, https = false, codeSignIn = false, cookieDomain = "" } = options;
  const settings = { CODE_SIGN_IN: String(codeSignIn), COOKIE_DOMAIN: cookieDomain, ...options.settings };
  const folder = mkdtempSync(join(tmpdir(), "passbridge-e2e-"));
  chmodSync(folder, 0o711);
  const places = await choosePlaces(options, folder);
  const { origin } = places;
  const certificate = https ? await issueCertificate(folder) : null;
  const hooks = { port: await findFreePort(), secret: randomBytes(32).toString("base64url") };
  const hookTarget = { url: `http://127.0.0.1:${hooks.port}/hooks/kratos`, secret: hooks.secret };
  const stack = await startTestStack({ publicUrl: origin, codeSignIn, cookieDomain, hooks: hookTarget });
  const end = async () => {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const plan = { built, stack, hooks, certificate, settings, ...places };
    const services = await startServices(plan, name);
    const stop = async () => {
      await stopServices(services);
      await end();
    };
    return { origin, stack, ...services, askedLog: askedLogOf(plan), caFile: certificate?.caFile ?? null, stop };
  } catch (error) {
    await end();
    throw error;
  }
}
