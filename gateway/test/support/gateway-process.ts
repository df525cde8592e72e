import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { inject } from "vitest";
import { findFreePort } from "../../../scripts/free-port.ts";
import { waitUntil } from "../../../scripts/wait-until.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

export type GatewayProcess = { readonly child: ChildProcess; readonly output: readonly string[] };

/** The gateway as operators start it; the caller ends it. */
export function runGateway(env: Readonly<Record<string, string>>): GatewayProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => output.push(String(chunk)));
  return { child, output };
}

/** Its settings over the shared parts, on a free port. */
export async function processSettings(databaseUrl: string, upstreamPort: number) {
  const { redisUrl, kratosPublicUrl, kratosAdminUrl, smtpUrl } = inject("stack");
  const port = await findFreePort();
  return {
    port,
    origin: `http://localhost:${port}`,
    env: {
      PORT: String(port),
      OPERATOR_PORT: "0",
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      KRATOS_PUBLIC_URL: kratosPublicUrl,
      KRATOS_ADMIN_URL: kratosAdminUrl,
      SMTP_URL: smtpUrl,
      UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}`,
      // The counters are in the Redis that all tests share.
      RATE_LIMIT_FACTOR: "1000",
      SESSION_SECRETS: randomBytes(32).toString("base64url"),
      KRATOS_HOOK_SECRET: randomBytes(32).toString("base64url"),
    },
  };
}

/** Resolves once the process answers on its port. */
export function untilAnswering({ output }: GatewayProcess, origin: string, path = "/health/alive"): Promise<void> {
  return waitUntil(
    async () => {
      const { status } = await fetch(`${origin}${path}`);
      if (status !== 200) throw new Error(`${path} answers ${status}`);
    },
    { what: `the gateway: ${output.join("")}`, timeout: 30_000 },
  );
}

export const exitOf = async (child: ChildProcess) =>
  child.exitCode ?? ((await once(child, "exit"))[0] as number | null);
