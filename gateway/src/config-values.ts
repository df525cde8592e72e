import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { PostgresUrlError } from "./postgres-tls.ts";
import { readPostgresUrl } from "./postgres-url.ts";

const DURATION = /^(\d+)(ms|s|m|h|d)?$/;
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `300ms`, `5s`, `30m`, `24h`, `1d`; a bare number counts seconds. Comes out in milliseconds. */
export function duration() {
  return z.string().transform((text, context) => {
    const match = DURATION.exec(text.trim());
    const length = match ? Number(match[1]) * UNITS[(match[2] ?? "s") as keyof typeof UNITS] : Number.NaN;
    if (Number.isSafeInteger(length)) return length;
    context.addIssue({ code: "custom", message: "needs a duration such as 30s, 15m or 24h" });
    return z.NEVER;
  });
}

const MOST_WORKERS = 64;

/** A number of processes; `auto` is one for each processor this one may use. */
export function workerCount() {
  const words = `needs a number from 1 to ${MOST_WORKERS}, or auto`;
  return z.string().transform((text, context) => {
    const count = text.trim() === "auto" ? Math.min(availableParallelism(), MOST_WORKERS) : Number(text);
    if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
    context.addIssue({ code: "custom", message: words });
    return z.NEVER;
  });
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** An absolute URL with one of the given protocols (`https:` …). */
export function serviceUrl(protocols: readonly string[]) {
  return z.string().transform((text, context) => {
    const url = URL.parse(text.trim());
    if (url && !isPercentEncoded(url.username + url.password)) {
      context.addIssue({ code: "custom", message: "needs a user name and password in percent-encoding" });
      return z.NEVER;
    }
    if (url && protocols.includes(url.protocol)) return url;
    const wanted = protocols.map((protocol) => `${protocol}//`).join(" or ");
    context.addIssue({ code: "custom", message: `needs a URL that starts with ${wanted}` });
    return z.NEVER;
  });
}

/** A connection URI of PostgreSQL; several hosts are no URL, so it stays a text. Its files are looked at. */
export function databaseUrl() {
  return z
    .string()
    .trim()
    .check((context) => {
      try {
        readPostgresUrl(context.value);
      } catch (error) {
        if (!(error instanceof PostgresUrlError)) throw error;
        context.issues.push({ code: "custom", input: "", message: error.message });
      }
    });
}

/** One or several such URLs, comma-separated; a password may have a comma, as long as no `://` follows. */
export function serviceUrls(protocols: readonly string[]) {
  const apart = z.string().transform((text) => text.split(/,\s*(?=\w+:\/\/)/));
  return apart.pipe(z.array(serviceUrl(protocols)));
}

/** The path of a file that is there; comes out as its text. */
export function fileText() {
  return z.string().transform((path, context) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      context.addIssue({ code: "custom", message: `${path} cannot be read: ${String(error)}` });
      return z.NEVER;
    }
  });
}

/** A bare mail address; its sender's name is another setting, because Kratos wants them apart. */
export function mailAddress() {
  return z.string().regex(/^[^\s\p{Cc}<>(),;:"@]+@[^\s\p{Cc}<>(),;:"@]+$/u, "needs one mail address, without a name");
}

/** A domain as cookies name it: lower case, at least two labels, no dot in front. */
export function cookieDomain() {
  const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  return z.string().regex(new RegExp(`^${label}(\\.${label})+$`), "needs a domain such as example.com, in lower case");
}

/** A comma-separated list, its entries trimmed, empty ones dropped. */
export function list() {
  return z.string().transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
  );
}

/** Comma-separated secrets that travel in a header and stand in a JSON text as they are. */
export function headerSecrets() {
  return list().pipe(
    z
      .array(z.string().regex(/^[\w.~+/=-]+$/, "needs letters, digits and .~+/=-_ alone"))
      .min(1, "needs at least one secret"),
  );
}

/** Comma-separated web origins, each written exactly as browsers send it. */
export function originList() {
  return list().check((context) => {
    for (const entry of context.value) {
      if (URL.parse(entry)?.origin === entry) continue;
      context.issues.push({
        code: "custom",
        input: entry,
        message: `${entry} is not an origin such as https://example.com`,
      });
    }
  });
}

function isAddressRange(entry: string): boolean {
  return entry.includes("/") ? ipaddr.isValidCIDR(entry) : ipaddr.isValid(entry);
}

/** Comma-separated IP addresses or CIDR ranges. */
export function cidrList() {
  return list().check((context) => {
    for (const entry of context.value) {
      if (isAddressRange(entry)) continue;
      context.issues.push({ code: "custom", input: entry, message: `${entry} is not an IP address or CIDR range` });
    }
  });
}
