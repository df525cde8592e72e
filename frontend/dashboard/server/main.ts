import { fileURLToPath } from "node:url";
import { loadDashboardConfig } from "./config.ts";
import { startDashboard } from "./dashboard.ts";
import { loadStaticFiles } from "./static-files.ts";

const folder = process.env.DASHBOARD_PAGES_DIR || fileURLToPath(new URL("./public", import.meta.url));

try {
  const files = await loadStaticFiles(folder);
  const dashboard = await startDashboard(loadDashboardConfig(process.env), files);
  console.log(`The sample application listens on ${dashboard.origin}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void dashboard.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
