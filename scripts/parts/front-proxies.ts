import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { findServer } from "./find-program.ts";
import { checkHttp } from "./http-check.ts";
import { planNginx } from "./nginx.ts";
import type { PartPlan } from "./part.ts";

export type FrontProxyOptions = {
  /** A folder of its own, for what it writes. */
  readonly folder: string;
  readonly port: number;
  /** Host and port each. */
  readonly gateway: string;
  readonly application: string;
};

function program(name: string): string {
  const found = findServer(name);
  if (!found) throw new Failure(`${name} is not installed.`, `Install ${name} and start again.`);
  return found;
}

/** What an operator writes around deploy/nginx/passbridge.conf. */
const nginxBlock = ({ port, gateway, application }: FrontProxyOptions) => `
  access_log off;
  upstream passbridge_gateway { server ${gateway}; keepalive 32; }
  upstream passbridge_application { server ${application}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    include ${join(CHECKOUT, "deploy/nginx/passbridge.conf")};
  }
`;

/** nginx with deploy/nginx/passbridge.conf as it is. Throws Failure when nginx is not installed. */
const planOurNginx = (options: FrontProxyOptions) =>
  planNginx({
    folder: options.folder,
    http: nginxBlock(options),
    readyUrl: `http://127.0.0.1:${options.port}/health/alive`,
  });

/** Caddy with deploy/caddy/Caddyfile as it is. Throws Failure when Caddy is not installed. */
async function planCaddy({ folder, port, gateway, application }: FrontProxyOptions): Promise<PartPlan> {
  return {
    name: "caddy",
    command: program("caddy"),
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

const PLANS = { nginx: planOurNginx, caddy: planCaddy };

/** The proxies that can be had here to stand in front of an application. */
export type FrontProxyName = keyof typeof PLANS;

/** A proxy with its configuration from deploy/ as it is. Throws Failure when it is not installed. */
export function planFrontProxy(name: FrontProxyName, options: FrontProxyOptions): Promise<PartPlan> {
  return PLANS[name](options);
}
