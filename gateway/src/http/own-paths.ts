/** Where other proxies ask about a request; no WebSocket is opened there. */
export const AUTHZ_PATH = "/api/authz";

/** The gateway's own part of /api; every other path there is the upstream's. */
export const OWN_API = ["/api/auth", "/api/passkeys", "/api/recovery-codes", AUTHZ_PATH, "/api/admin"];

export const JWKS_PATH = "/.well-known/jwks.json";

/** The gateway's own part of /.well-known; the rest there is the upstream's. */
export const WELL_KNOWN = [
  JWKS_PATH,
  "/.well-known/webauthn",
  "/.well-known/passkey-endpoints",
  "/.well-known/change-password",
];

/** Where the FIDO2 server conformance tool finds its API, when it is on (FIDO_CONFORMANCE). */
export const CONFORMANCE_PATH = "/fido-conformance";

/** The first segment of every path the gateway's own pages have. */
export const PAGE_PATHS = [
  "/login",
  "/register",
  "/verify",
  "/recover",
  "/recovery-codes",
  "/account",
  "/help",
  "/error",
];

/** The pages with what they load. */
export const PAGES = [...PAGE_PATHS, "/passbridge", "/.passbridge"];

/** Kratos, as browsers see it. */
export const KRATOS_PATH = "/.ory/kratos";

export const HEALTH = ["/health/alive", "/health/ready"];

function firstSegment(path: string): string {
  const end = path.indexOf("/", 1);
  return end === -1 ? path : path.slice(0, end);
}

/** Whether a path is one of these or lies below it. */
export function isBelow(path: string, paths: readonly string[]): boolean {
  // Without a text for each comparison: it is asked of every request.
  return paths.some((own) => path.startsWith(own) && (path.length === own.length || path[own.length] === "/"));
}

/** What the gateway answers people itself: proxies in front of an application send these here (deploy/). */
export const OWN_PATHS = [
  KRATOS_PATH,
  ...HEALTH,
  ...WELL_KNOWN,
  ...OWN_API.filter((path) => path !== AUTHZ_PATH),
  ...PAGES,
];

/** By their first segment, as this is asked of every request. */
const BY_SEGMENT = Map.groupBy([...OWN_PATHS, AUTHZ_PATH], firstSegment);

/** Whether the gateway answers a normalised path by itself, so that no route rule is ever asked about it. */
export function isOwnPath(path: string): boolean {
  const own = BY_SEGMENT.get(firstSegment(path));
  return own !== undefined && isBelow(path, own);
}
