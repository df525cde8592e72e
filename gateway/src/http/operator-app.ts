import express, { type Express, type RequestHandler } from "express";
import type { Metrics } from "../operations/metrics.ts";

/** What operators alone may see, on a port of its own: metrics and health. */
export function createOperatorApp(metrics: Metrics, health: RequestHandler): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use("/health", health);
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.use((_request, response) => {
    response.status(404).type("text").send("Here are /metrics and /health.\n");
  });
  return app;
}
