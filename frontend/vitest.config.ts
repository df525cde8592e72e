import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: {
    name: "frontend",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.ts", "dashboard/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    globalSetup: ["test/support/build-pages.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
