import type { RouteRules } from "./route-rule.ts";

/** The host patterns of the rules that are not PUBLIC_URL's host: where people may be sent back to. */
export function otherHosts({ rules }: RouteRules, publicUrl: URL): string[] {
  return [...new Set(rules.flatMap(({ hosts }) => hosts))].filter((host) => host !== publicUrl.hostname);
}

/** Those of them to which browsers do not send the session cookies: people cannot stay signed in there. */
export function hostsWithoutSession(rules: RouteRules, publicUrl: URL, cookieDomain: string | null): string[] {
  return otherHosts(rules, publicUrl).filter(
    (host) => cookieDomain === null || (host !== cookieDomain && !host.endsWith(`.${cookieDomain}`)),
  );
}
