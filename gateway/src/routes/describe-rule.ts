import type { RouteAccess, RouteRule } from "../policy/route-rule.ts";

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
  [1_000, "s"],
] as const;

/** A duration in the largest unit that it is a whole number of. */
export function describeTime(milliseconds: number): string {
  const [length, unit] = UNITS.find(([size]) => milliseconds % size === 0) ?? [1, "ms"];
  return `${milliseconds / length}${unit}`;
}

/** Who may pass, in an operator's words. */
export function describeAccess(access: RouteAccess): string {
  if (access.kind === "public") return "nothing: anyone may pass";
  if (access.kind === "deny") return "what nobody has: no one may pass";
  const { verified, aal2, passkey, fresh, roles } = access;
  return [
    "a session",
    ...(verified ? ["a confirmed e-mail address"] : []),
    ...(aal2 ? ["a second factor (aal2)"] : []),
    ...(passkey ? ["a passkey in this sign-in"] : []),
    ...(fresh !== null ? [`a sign-in within ${describeTime(fresh)}`] : []),
    ...(roles.length > 0 ? [`the role ${roles.join(" or ")}`] : []),
  ].join(", ");
}

export function describePath({ path }: Pick<RouteRule, "path">): string {
  if (path.kind === "regex") return `paths like ${path.source}`;
  return path.kind === "exact" ? `${path.path} alone` : `${path.path} and below`;
}

/** Which requests a rule is for. */
export function describeRequests(rule: RouteRule): string {
  const { methods, hosts } = rule;
  return [
    methods.length > 0 ? methods.join(", ") : "every method",
    describePath(rule),
    ...(hosts.length > 0 ? [`on ${hosts.join(", ")}`] : []),
  ].join(", ");
}

/** What happens to requests that may pass, a line each. */
export function describePassage({ upstream, bodyLimit, rateLimit, audience }: RouteRule): string[] {
  const { url, timeout, idleTimeout } = upstream;
  return [
    `goes to   ${url.href} (answer within ${describeTime(timeout)}, at most ${describeTime(idleTimeout)} of silence)`,
    ...(bodyLimit !== null ? [`body      at most ${bodyLimit} bytes`] : []),
    ...(rateLimit
      ? [`limit     ${rateLimit.requests} requests in ${describeTime(rateLimit.seconds * 1_000)} by ${rateLimit.by}`]
      : []),
    ...(audience !== null ? [`audience  ${audience}`] : []),
  ];
}
