import { Problem } from "../errors.ts";

/**
 * What of Kratos' public port is for browsers. Its admin paths, and the redirects to them that the public port answers
 * under their names (/identities, /recovery …), are not there at all.
 */
const PUBLIC = new Set(["self-service", "sessions", "schemas", ".well-known", "health", "version"]);

/** Encoded slashes, backslashes, percent signs, dots and controls: no public path needs one, every trick does. */
const ENCODED_TRICK = /%(2f|5c|25|2e|[01][0-9a-f]|7f)/i;

const invalid = () => new Problem("invalid_request", { detail: "The path is not valid." });

function segmentsOf(path: string): string[] {
  if (!path.startsWith("/") || /[\\\s\p{Cc}#;]/u.test(path) || ENCODED_TRICK.test(path)) throw invalid();
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw invalid();
  }
}

/** Two slashes in front, in whatever a browser takes for slashes: another host, which Kratos takes for a path. */
const OTHER_HOST = /^[\s\p{Cc}\p{Cf}]*[\\/][\s\p{Cc}\p{Cf}]*[\\/]|\\/u;

/** Full addresses are held against Kratos' own list. */
function refuseOtherHosts(query: string): void {
  for (const [name, value] of new URLSearchParams(query)) {
    if (/return_to$/i.test(name) && OTHER_HOST.test(value)) {
      throw new Problem("invalid_request", { detail: "return_to is not valid." });
    }
  }
}

/**
 * The path to ask Kratos' public API for.
 * @param requestTarget as the client wrote it, the prefix removed.
 * @returns path and query, unchanged.
 * @throws Problem invalid_request for a path two parsers could read differently, and for a return_to to another host; not_found for what is not public.
 */
export function kratosPath(requestTarget: string): string {
  const [path = ""] = requestTarget.split("?", 1);
  const segments = segmentsOf(path);
  if (
    segments.slice(0, -1).some((segment) => segment === "") ||
    segments.some((segment) => /^\.{1,2}$/.test(segment))
  ) {
    throw invalid();
  }
  if (!PUBLIC.has(segments[0] ?? "")) throw new Problem("not_found");
  refuseOtherHosts(requestTarget.slice(path.length));
  return requestTarget;
}
