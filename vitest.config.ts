import { join } from "node:path";
import { defineConfig } from "vitest/config";

const project = (name: string, root: string, settings: object = {}) => ({
  test: { name, root, include: ["**/*.test.{ts,tsx}"], exclude: ["**/node_modules/**", "**/dist/**"], ...settings },
});

export default defineConfig({
  test: {
    // Half of the time a test waits for a page, a mail or a slow hash.
    maxWorkers: 2,
    projects: [
      project("gateway", "gateway", {
        globalSetup: [join(import.meta.dirname, "gateway/test/support/global-setup.ts")],
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      project("scripts", "scripts", { testTimeout: 180_000, hookTimeout: 180_000 }),
      project("bench", "bench"),
      "client",
      "frontend",
    ],
  },
});
