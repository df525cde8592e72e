const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "EMFILE",
]);

/**
 * Whether an error is the operating system's word that the other side was not reached.
 * Node tries several addresses of one name and then throws an AggregateError with the same kind of code.
 */
export function isNetworkError(error: unknown): boolean {
  return error instanceof Error && "code" in error && NETWORK_CODES.has(String(error.code));
}
