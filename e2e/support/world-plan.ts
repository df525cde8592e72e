import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { askedLog, planReplicas } from "../../scripts/parts/deployed-nginx.ts";
import { type FrontProxyName, planFrontProxy } from "../../scripts/parts/front-proxies.ts";
import { planDashboard, planGateway } from "../../scripts/parts/node-services.ts";
import type { PartPlan } from "../../scripts/parts/part.ts";
import type { TestStack } from "../../scripts/test-stack.ts";
import type { ServerCertificate } from "../../scripts/tls/certificate.ts";
import type { Built } from "./build.ts";

/** What people come to, where that is no gateway: a proxy that asks one, or one before several. */
export type FrontPlan = {
  readonly name: FrontProxyName | "replicas";
  readonly folder: string;
  readonly port: number;
};

/** Everything that is decided before a world starts. */
export type WorldPlan = {
  readonly built: Built;
  readonly stack: TestStack;
  readonly origin: string;
  /** One for each gateway. */
  readonly ports: readonly number[];
  readonly dashboardPort: number;
  /** The operators' port of the first gateway: Kratos tells one of them, which tells the others. */
  readonly hooks: { readonly port: number; readonly secret: string };
  readonly certificate: ServerCertificate | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly front: FrontPlan | null;
};

function gatewayEnvironment(plan: WorldPlan): NodeJS.ProcessEnv {
  const { built, stack, origin, dashboardPort, hooks, certificate, settings, front } = plan;
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    OPERATOR_PORT: "0",
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
    ...(front && { TRUSTED_PROXIES: "127.0.0.1" }),
    // Nothing listens on port 9: what reaches the dashboard came through the proxy in front.
    ...(front && front.name !== "replicas" && { UPSTREAM_URL: "http://127.0.0.1:9" }),
    ...settings,
  };
}

/** The gateways, run from the sources; they share every setting but their ports. */
export function planGateways(plan: WorldPlan): PartPlan[] {
  const shared = gatewayEnvironment(plan);
  return plan.ports.map((port, index) => {
    const operators = index === 0 ? { OPERATOR_PORT: String(plan.hooks.port) } : {};
    const environment = { ...shared, PORT: String(port), ...operators };
    const gateway = planGateway({ environment, port, sources: true });
    return { ...gateway, name: index === 0 ? gateway.name : `${gateway.name}-${index + 1}` };
  });
}

/** The sample application, run from the set-aside build. */
export function planApplication({ built, origin, ports, dashboardPort, certificate, front }: WorldPlan): PartPlan {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    // Not every machine's own resolver knows names below localhost.
    GATEWAY_URL: certificate ? origin : `http://localhost:${front?.name === "replicas" ? front.port : ports[0]}`,
    DASHBOARD_PORT: String(dashboardPort),
    ...(certificate && { NODE_EXTRA_CA_CERTS: certificate.caFile }),
  };
  const dashboard = planDashboard({ environment, port: dashboardPort });
  return { ...dashboard, args: [join(built.dashboard, "server.js")] };
}

export async function planFront({ front, ports, dashboardPort }: WorldPlan): Promise<PartPlan | null> {
  if (!front) return null;
  const gateways = ports.map((port) => `127.0.0.1:${port}`);
  const { name, ...place } = front;
  if (name === "replicas") return planReplicas(gateways, place);
  return planFrontProxy(name, { ...place, gateway: gateways.join(" "), application: `127.0.0.1:${dashboardPort}` });
}

/** The file in which the front notes whom it asked; null where it does not. */
export const askedLogOf = ({ front }: WorldPlan) => (front?.name === "replicas" ? askedLog(front.folder) : null);
