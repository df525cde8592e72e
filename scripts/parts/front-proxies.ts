import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { planDeployedNginx } from "./deployed-nginx.ts";
import { findFrontProgram } from "./find-program.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";

export type FrontProxyOptions = {
  /** A folder of its own, for what it writes. */
  readonly folder: string;
  readonly port: number;
  /** Host and port each; several gateways with a space between. */
  readonly gateway: string;
  readonly application: string;
};

/** nginx with deploy/nginx/passbridge.conf as it is. Throws Failure when nginx is not installed. */
function planAskingNginx({ folder, port, gateway, application }: FrontProxyOptions): Promise<PartPlan> {
  return planDeployedNginx({
    folder,
    port,
    include: "passbridge.conf",
    upstreams: [
      `passbridge_gateway { ${gateway
        .split(" ")
        .map((server) => `server ${server} fail_timeout=1s;`)
        .join(" ")} keepalive 32; }`,
      `passbridge_application { server ${application}; keepalive 32; }`,
    ],
  });
}

/** Caddy with deploy/caddy/Caddyfile as it is. Throws Failure when Caddy is not installed. */
async function planCaddy({ folder, port, gateway, application }: FrontProxyOptions): Promise<PartPlan> {
  return {
    name: "caddy",
    command: findFrontProgram("caddy"),
    args: ["run", "--config", join(CHECKOUT, "deploy/caddy/Caddyfile"), "--adapter", "caddyfile"],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      CADDY_ADMIN: `unix/${join(folder, "admin.sock")}`,
      PASSBRIDGE_SITE: `http://localhost:${port}`,
      PASSBRIDGE_GATEWAY: gateway,
      PASSBRIDGE_APPLICATION: application,
    },
    cwd: folder,
    readyTimeout: 20_000,
    prepare: async () => {
      mkdirSync(folder, { recursive: true });
    },
    check: () => checkHttp(`http://localhost:${port}/health/alive`),
  };
}

const PLANS = { nginx: planAskingNginx, caddy: planCaddy };

/** The proxies that can be had here to stand in front of an application. */
export type FrontProxyName = keyof typeof PLANS;

/** A proxy with its configuration from deploy/ as it is. Throws Failure when it is not installed. */
export function planFrontProxy(name: FrontProxyName, options: FrontProxyOptions): Promise<PartPlan> {
  return PLANS[name](options);
}
