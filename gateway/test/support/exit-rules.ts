import { RE2JS } from "re2js";
import {
  ANY_SESSION,
  type PathPattern,
  type RouteAccess,
  type RouteRule,
  type RouteRules,
} from "../../src/policy/route-rule.ts";
import { ruleFor } from "./route-rules.ts";

const TIMEOUT = 10_000;

const session = (needs: Partial<typeof ANY_SESSION>): RouteAccess => ({ ...ANY_SESSION, ...needs });
const under = (path: string): PathPattern => ({ kind: "prefix", path });

function regex(source: string): PathPattern {
  const pattern = RE2JS.compile(source);
  return { kind: "regex", source, test: (path) => pattern.matcher(path).find() };
}

/** Rules of every kind, for the paths that their names say; what none is for is denied. */
export function exitRules(upstream: URL): RouteRules {
  const rule = (name: string, change: Partial<RouteRule>) => ruleFor(upstream, TIMEOUT, { name, ...change });
  return {
    ignoreCase: false,
    rules: [
      rule("denied", { path: under("/denied"), access: { kind: "deny" } }),
      rule("public", { path: under("/public"), access: { kind: "public" } }),
      rule("verified", { path: under("/verified"), access: session({ verified: true }) }),
      rule("aal2", { path: under("/aal2"), access: session({ aal2: true }), audience: "https://aal2.example" }),
      rule("passkey", { path: under("/passkey"), access: session({ passkey: true }) }),
      rule("fresh", { path: under("/fresh"), access: session({ fresh: 5 * 60_000 }) }),
      rule("roles", { path: under("/roles"), access: session({ roles: ["admin", "auditor"] }) }),
      rule("staff", { path: under("/staff"), access: session({ roles: ["staff"], aal2: true }) }),
      rule("writing", {
        path: under("/forms"),
        methods: ["POST", "PUT"],
        access: session({ aal2: true, fresh: 60_000 }),
      }),
      rule("reading", { path: under("/forms"), methods: ["GET", "HEAD"] }),
      rule("exact", { path: { kind: "exact", path: "/exact" }, access: { kind: "public" } }),
      rule("regex", { path: regex("^/users/[0-9]+$"), access: { kind: "public" } }),
      rule("api", { hosts: ["api.example.test"], access: session({ passkey: true }), audience: "api" }),
      rule("wild", { hosts: ["*.wild.test"], path: under("/app"), access: { kind: "public" } }),
      rule("app", { path: under("/app") }),
    ],
  };
}
