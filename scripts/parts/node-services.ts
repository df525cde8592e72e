import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";

export type NodeServiceOptions = {
  readonly environment: NodeJS.ProcessEnv;
  readonly port: number;
  /** Run from the sources and again after each change. */
  readonly watch?: boolean;
};

/**
 * The gateway's own: V8 collects the short-lived after four megabytes instead of sixteen, which costs no throughput that
 * was seen and saves a hundred megabytes under load.
 */
const NODE_OPTIONS = ["--max-semi-space-size=4"];

const WILDCARDS = new Set(["", "0.0.0.0", "::"]);

/** The gateway. It is ready when every part it depends on answers it. */
export function planGateway({ environment, port, watch = false }: NodeServiceOptions): PartPlan {
  const scheme = environment.TLS_CERT_FILE ? "https" : "http";
  const host = WILDCARDS.has(environment.HOST ?? "") ? "127.0.0.1" : environment.HOST;
  return {
    name: "gateway",
    command: process.execPath,
    args: watch ? ["--watch", "gateway/src/main.ts"] : [...NODE_OPTIONS, "gateway/dist/src/main.js"],
    env: environment,
    cwd: CHECKOUT,
    readyTimeout: 60_000,
    // Longer than the gateway's own SHUTDOWN_TIMEOUT, so that running requests may end.
    stopTimeout: 30_000,
    check: () => checkHttp(`${scheme}://${host}:${port}/health/ready`),
  };
}

/** The sample dashboard: an application of its own behind the gateway. */
export function planDashboard({ environment, port }: NodeServiceOptions): PartPlan {
  return {
    name: "frontend",
    command: process.execPath,
    args: [join("frontend", "dist", "dashboard", "server.js")],
    env: environment,
    cwd: CHECKOUT,
    readyTimeout: 30_000,
    // It answers strangers with a refusal, which is as good a sign of life as any.
    check: () => checkHttp(`http://127.0.0.1:${port}/`, 499),
  };
}
