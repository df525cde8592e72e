import type { Config } from "../config.ts";
import { ANY_SESSION, type RouteRules, type RouteUpstream } from "../policy/route-rule.ts";

const IDLE_TIMEOUT = 5 * 60_000;

/** The upstream of the settings (UPSTREAM_URL), for rules that name none. */
export function defaultUpstream({ upstream }: Pick<Config, "upstream">): RouteUpstream {
  return { ...upstream, idleTimeout: IDLE_TIMEOUT };
}

/** Without a gateway.yml: everything goes to UPSTREAM_URL, for people who are signed in. */
export function defaultRules(config: Pick<Config, "upstream">): RouteRules {
  const rule = {
    name: "everything",
    line: null,
    hosts: [],
    methods: [],
    path: { kind: "prefix", path: "/" },
    access: ANY_SESSION,
    upstream: defaultUpstream(config),
    audience: null,
    bodyLimit: null,
    rateLimit: null,
  } as const;
  return { rules: [rule], ignoreCase: false };
}
