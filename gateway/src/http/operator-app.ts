import express, { type Express, type RequestHandler } from "express";
import type { Metrics } from "../operations/metrics.ts";
import type { AnswerError } from "./problem-handler.ts";
import { answerErrors, requestId } from "./small-handlers.ts";

export type OperatorAppParts = {
  readonly metrics: Metrics;
  readonly health: RequestHandler;
  readonly kratosHooks: RequestHandler;
  readonly problems: AnswerError;
};

/** What is for operators and Kratos alone, on a port of its own: metrics, health, and Kratos' web hooks. */
export function createOperatorApp({ metrics, health, kratosHooks, problems }: OperatorAppParts): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use("/health", health);
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.use("/hooks/kratos", requestId, kratosHooks);
  app.use((_request, response) => {
    response.status(404).type("text").send("Here are /metrics and /health.\n");
  });
  app.use(answerErrors(problems));
  return app;
}
