import type { IncomingMessage } from "node:http";
import { Problem } from "../errors.ts";

/** More than any browser behind any chain of proxies sends. */
const MAX_HEADERS = 100;

const invalid = (detail: string) => new Problem("invalid_request", { detail });

/** Loops, as this is asked of every request. */
function hostsOf(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts.push(rawHeaders[at + 1] ?? "");
  }
  return hosts;
}

/** Whether the address of a request target in absolute form is another one than Host says (RFC 9112, 3.2.2). */
function isElsewhere(target: string, host: string | undefined): boolean {
  if (target.startsWith("/") || target === "*") return false;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority === undefined || host === undefined || authority.toLowerCase() !== host.trim().toLowerCase();
}

/**
 * What is wrong with a request that Node's parser took and that another server on the way may read differently: several
 * Host headers or none, an address in the request target that is not Host's, a transfer coding in HTTP/1.0 (RFC 9112, sections
 * 3.2 and 6.1), more headers than anyone needs.
 */
export function requestFault({ httpVersion, headers, rawHeaders, url = "" }: IncomingMessage): Problem | null {
  if (rawHeaders.length > 2 * MAX_HEADERS) return new Problem("headers_too_large");
  const hosts = hostsOf(rawHeaders);
  if (hosts.length > 1) return invalid("There is more than one Host.");
  if (hosts.length === 0 && httpVersion === "1.1") return invalid("There is no Host.");
  if (isElsewhere(url, hosts[0])) return invalid("The request target and Host differ.");
  if (httpVersion !== "1.1" && headers["transfer-encoding"] !== undefined) {
    return invalid("A transfer coding needs HTTP/1.1.");
  }
  return null;
}
