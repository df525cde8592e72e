import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startTestStack } from "../../../scripts/test-stack.ts";
import { checkLogs } from "./log-check.ts";
import { LOG_FOLDER } from "./run-log.ts";

/** Addresses of the real servers all tests of the gateway share; data is kept apart by database and key. */
export type SharedStack = {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kratosPublicUrl: string;
  readonly kratosAdminUrl: string;
  readonly smtpUrl: string;
  readonly mailUrl: string;
};

declare module "vitest" {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startTestStack();
  project.provide("stack", {
    databaseUrl: stack.databaseUrl,
    redisUrl: stack.redisUrl,
    kratosPublicUrl: stack.kratosPublicUrl,
    kratosAdminUrl: stack.kratosAdminUrl,
    smtpUrl: stack.smtpUrl,
    mailUrl: stack.mailUrl,
  });
  const logs = await mkdtemp(join(tmpdir(), "passbridge-logs-"));
  process.env[LOG_FOLDER] = logs;
  return async () => {
    try {
      await stack.stop();
      const { lines, secrets } = await checkLogs(logs);
      console.log(`${lines} lines of the gateway's log hold none of ${secrets} secrets.`);
    } finally {
      await rm(logs, { recursive: true });
    }
  };
}
