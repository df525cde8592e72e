import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { hostsWithoutSession } from "../policy/other-hosts.ts";
import type { CurrentRules } from "./route-decision.ts";

/** People can be sent to other hosts of the rules, but are signed in only where browsers send the cookies. */
export function warnOfOtherHosts(
  { publicUrl, session }: Pick<Config, "publicUrl" | "session">,
  rules: CurrentRules,
  log: Pick<Logger, "warn">,
): void {
  const hosts = hostsWithoutSession(rules(), publicUrl, session.cookieDomain);
  if (hosts.length > 0)
    log.warn({ hosts }, "people cannot stay signed in at these hosts of the rules: see COOKIE_DOMAIN");
}
