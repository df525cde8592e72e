import express, { type Express, type RequestHandler } from "express";
import { jsonBody } from "./http/json-body.ts";
import { CONFORMANCE_PATH, HEALTH, JWKS_PATH, KRATOS_PATH, OWN_API, PAGES, WELL_KNOWN } from "./http/own-paths.ts";
import type { AnswerError } from "./http/problem-handler.ts";
import type { SecurityHeaders } from "./http/security-headers.ts";
import { answerErrors, noStore, sendHeaders, unknownPath } from "./http/small-handlers.ts";

/** What the app is put together from; built in gateway.ts. */
export type AppParts = {
  readonly trustedProxies: readonly string[];
  readonly health: RequestHandler;
  readonly securityHeaders: SecurityHeaders;
  /** Null unless the settings ask for it. */
  readonly conformance: RequestHandler | null;
  readonly pages: RequestHandler;
  readonly jwks: RequestHandler;
  readonly wellKnown: RequestHandler;
  readonly kratosProxy: RequestHandler;
  readonly sameSite: RequestHandler;
  readonly api: RequestHandler;
  readonly problems: AnswerError;
};

/** The order of all middleware of the gateway's own pages and API, top to bottom; before it is the front door. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("trust proxy", [...parts.trustedProxies]);
  app.set("query parser", "simple");
  // As rules are: `/LOGIN` is no page of the gateway's.
  app.enable("case sensitive routing");

  app.use("/health", parts.health);
  app.use(KRATOS_PATH, parts.kratosProxy);
  app.use([...OWN_API, ...PAGES, ...WELL_KNOWN], sendHeaders(parts.securityHeaders));
  app.get(JWKS_PATH, parts.jwks);
  app.use("/.well-known", parts.wellKnown);
  app.use([...WELL_KNOWN, ...HEALTH], unknownPath);
  if (parts.conformance) app.use(CONFORMANCE_PATH, parts.conformance);
  app.use(parts.pages);

  app.use(OWN_API, noStore, parts.sameSite, jsonBody);
  app.use("/api", parts.api);
  app.use(unknownPath);
  app.use(answerErrors(parts.problems));
  return app;
}
