import type { TestProject } from "vitest/node";
import { startTestStack } from "../../../scripts/test-stack.ts";

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
  return () => stack.stop();
}
