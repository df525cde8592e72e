import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";

export type NodeServiceOptions = {
  readonly environment: NodeJS.ProcessEnv;
  readonly port: number;
};

export type GatewayOptions = NodeServiceOptions & {
  /** Run from the sources instead of from what is built; `watch`: and again after each change. */
  readonly sources?: boolean | "watch";
};

/**
 * The gateway's own: V8 collects the short-lived after four megabytes instead of sixteen, which costs no throughput that
 * was seen and saves a hundred megabytes under load. How far it lets the rest grow before it looks for garbage goes by the
 * most there may be: by itself gigabytes, and then four times what is alive.
 */
const NODE_OPTIONS = ["--max-semi-space-size=4", "--max-old-space-size=768"];

/**
 * What V8 made of the programs, which a start then need not make again. It is run without being looked at, so it lies in
 * what is built: whoever may write there may change the programs themselves. Each build empties it.
 */
const COMPILE_CACHE = join(CHECKOUT, "gateway/dist/compile-cache");

const SOURCES = "gateway/src/main.ts";

function gatewayProgram({ environment, sources = false }: GatewayOptions): Pick<PartPlan, "args" | "env"> {
  if (sources) return { args: sources === "watch" ? ["--watch", SOURCES] : [SOURCES], env: environment };
  const args = [...NODE_OPTIONS, "gateway/dist/src/main.js"];
  return { args, env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment } };
}

const WILDCARDS = new Set(["", "0.0.0.0", "::"]);

/** The gateway. It is ready when every part it depends on answers it. */
export function planGateway(options: GatewayOptions): PartPlan {
  const { environment, port } = options;
  const scheme = environment.TLS_CERT_FILE ? "https" : "http";
  const host = WILDCARDS.has(environment.HOST ?? "") ? "127.0.0.1" : environment.HOST;
  return {
    name: "gateway",
    command: process.execPath,
    ...gatewayProgram(options),
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
