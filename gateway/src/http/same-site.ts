import type { RequestHandler } from "express";
import { Problem } from "../errors.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const OWN_SITES = new Set(["same-origin", "none"]);

/**
 * Refuses what another site's page sends (cross-site request forgery): a foreign Origin, or a Sec-Fetch-Site
 * (Fetch Metadata) other than same-origin or none, on requests that change something.
 * @param origins the allowed origins.
 */
export function createSameSiteGuard(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, _response, next) => {
    if (SAFE_METHODS.has(request.method)) return next();
    const origin = request.get("origin");
    const site = request.get("sec-fetch-site");
    if (origin !== undefined && !allowed.has(origin)) throw new Problem("csrf_rejected");
    if (site !== undefined && !OWN_SITES.has(site)) throw new Problem("csrf_rejected");
    return next();
  };
}
