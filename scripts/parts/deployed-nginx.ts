import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { planNginx } from "./nginx.ts";
import type { PartPlan } from "./part.ts";

export type DeployedNginxOptions = {
  /** A folder of its own, for what it writes. */
  readonly folder: string;
  readonly port: number;
  /** The file of deploy/nginx in the server block. */
  readonly include: string;
  /** What stands after `upstream`, beside the server block. */
  readonly upstreams: readonly string[];
  /** For each request the address of every server that was asked; none unless given. */
  readonly accessLog?: string;
};

/** What an operator writes around a file of deploy/nginx; one process, so that turns are taken strictly. */
const httpBlock = ({ port, include, upstreams, accessLog }: DeployedNginxOptions) => `
  log_format asked $upstream_addr;
  access_log ${accessLog ? `${accessLog} asked` : "off"};
  ${upstreams.map((upstream) => `upstream ${upstream}`).join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    include ${join(CHECKOUT, "deploy/nginx", include)};
  }
`;

/** nginx with a file of deploy/nginx as it is. Throws Failure when nginx is not installed. */
export const planDeployedNginx = (options: DeployedNginxOptions): Promise<PartPlan> =>
  planNginx({
    folder: options.folder,
    http: httpBlock(options),
    readyUrl: `http://127.0.0.1:${options.port}/health/alive`,
  });

/**
 * nginx with deploy/nginx/replicas.conf as it is, before several gateways that take turns.
 * @param gateways host and port each.
 */
export function planReplicas(
  gateways: readonly string[],
  { folder, port }: Pick<DeployedNginxOptions, "folder" | "port">,
): Promise<PartPlan> {
  const servers = gateways.map((gateway) => `server ${gateway} fail_timeout=1s;`).join(" ");
  return planDeployedNginx({
    folder,
    port,
    include: "replicas.conf",
    upstreams: [`passbridge_replicas { ${servers} keepalive 64; keepalive_timeout 2s; }`],
    accessLog: askedLog(folder),
  });
}

/** Where the nginx of planReplicas notes whom it asked. */
export const askedLog = (folder: string) => join(folder, "asked.log");
