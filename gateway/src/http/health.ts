import { Router } from "express";
import type { Dependency } from "../errors.ts";

export type HealthCheck = () => Promise<unknown>;

const DEADLINE = 2_000;

function within(check: HealthCheck): Promise<"up" | "down"> {
  const late = new Promise<"down">((resolve) => {
    setTimeout(resolve, DEADLINE, "down").unref();
  });
  const asked = check().then(
    () => "up" as const,
    () => "down" as const,
  );
  return Promise.race([asked, late]);
}

/**
 * GET /health/alive: the process answers. GET /health/ready: every part answers and no stop is under way;
 * else 503, with each part's state.
 */
export function createHealthRoutes(checks: Record<Dependency, HealthCheck>, isStopping: () => boolean): Router {
  const router = Router({ caseSensitive: true });
  router.get("/alive", (_request, response) => {
    response.set("Cache-Control", "no-store").json({ status: "alive" });
  });
  router.get("/ready", async (_request, response) => {
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await within(check)] as const),
    );
    const ready = !isStopping() && states.every(([, state]) => state === "up");
    response
      .status(ready ? 200 : 503)
      .set("Cache-Control", "no-store")
      .json({ status: ready ? "ready" : "not_ready", dependencies: Object.fromEntries(states) });
  });
  return router;
}
