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

/**
 * The path to ask Kratos' public API for.
 * @param requestTarget as the client wrote it, the prefix removed.
 * @returns path and query, unchanged.
 * @throws Problem invalid_request for a path two parsers could read differently; not_found for what is not public.
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
  return requestTarget;
}
