import type { RequestHandler } from "express";
import helmet from "helmet";

/** HSTS counts for every port of a host: on a developer's machine it would take plain http from all else there. */
const LOCAL_HOST = /(^|\.)(localhost|test)$/;

/** Headers of the gateway's own answers; what is proxied keeps the upstream's. No inline script or style anywhere. */
export function createSecurityHeaders(publicUrl: URL): RequestHandler {
  const strict = publicUrl.protocol === "https:" && !LOCAL_HOST.test(publicUrl.hostname);
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: strict && { maxAge: 31_536_000, includeSubDomains: false },
    referrerPolicy: { policy: "no-referrer" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
}
