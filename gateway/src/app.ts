import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { jsonBody } from "./http/json-body.ts";
import { onePath, refuseUnreadable } from "./http/one-path.ts";
import {
  AUTHZ_PATH,
  CONFORMANCE_PATH,
  HEALTH,
  JWKS_PATH,
  KRATOS_PATH,
  OWN_API,
  PAGES,
  WELL_KNOWN,
} from "./http/own-paths.ts";
import { requestId } from "./http/request-id.ts";
import { noStore, unknownPath } from "./http/small-handlers.ts";

/** What the app is put together from; built in gateway.ts. */
export type AppParts = {
  readonly trustedProxies: readonly string[];
  readonly closeWhileStopping: RequestHandler;
  readonly health: RequestHandler;
  readonly requestLog: RequestHandler;
  readonly securityHeaders: RequestHandler;
  /** Null unless the settings ask for it. */
  readonly conformance: RequestHandler | null;
  readonly pages: RequestHandler;
  readonly jwks: RequestHandler;
  readonly wellKnown: RequestHandler;
  readonly kratosProxy: RequestHandler;
  readonly authz: RequestHandler;
  readonly sameSite: RequestHandler;
  readonly api: RequestHandler;
  readonly routeGuard: RequestHandler;
  readonly upstreamProxy: RequestHandler;
  readonly problems: ErrorRequestHandler;
};

/** The order of all middleware, top to bottom. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("trust proxy", [...parts.trustedProxies]);
  app.set("query parser", "simple");
  // As rules are: `/LOGIN` is no page of the gateway's.
  app.enable("case sensitive routing");

  app.use(parts.closeWhileStopping, onePath);
  app.use("/health", parts.health);
  app.use(requestId, parts.requestLog, refuseUnreadable);

  app.use(KRATOS_PATH, parts.kratosProxy);
  app.use([...OWN_API, ...PAGES, ...WELL_KNOWN], parts.securityHeaders);
  app.get(JWKS_PATH, parts.jwks);
  app.use("/.well-known", parts.wellKnown);
  app.use([...WELL_KNOWN, ...HEALTH], unknownPath);
  if (parts.conformance) app.use(CONFORMANCE_PATH, parts.conformance, unknownPath);
  app.use(parts.pages);

  app.use(AUTHZ_PATH, noStore, parts.authz);
  app.use(OWN_API, noStore, parts.sameSite, jsonBody);
  app.use("/api", parts.api);
  app.use(OWN_API, unknownPath);

  app.use(parts.routeGuard, parts.upstreamProxy);
  app.use(parts.problems);
  return app;
}
