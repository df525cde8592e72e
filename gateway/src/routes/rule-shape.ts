import { z } from "zod";
import { access } from "./rule-access.ts";
import { pathPattern } from "./rule-path.ts";
import { host, members, method, name, seconds, size, time, upstreamUrl } from "./rule-values.ts";

/** What a name of an upstream that needs no entry is. */
export const DEFAULT_UPSTREAM = "default";

const rateLimit = members({
  requests: z.number().int("needs a whole number").min(1, "needs 1 at least").max(1_000_000_000, "is too large"),
  per: seconds(),
  by: z.enum(["address", "identity"]).default("identity"),
});

/** One entry of `rules`. */
export function ruleShape(ignoreCase: boolean) {
  return members({
    name: name(),
    hosts: z.array(host()).min(1, "is empty: leave it out for every host").default([]),
    path: pathPattern(ignoreCase),
    methods: z.array(method()).min(1, "is empty: leave it out for every method").default([]),
    require: access(),
    upstream: z.string().default(DEFAULT_UPSTREAM),
    timeout: time().optional(),
    idle_timeout: time().optional(),
    body_limit: size().optional(),
    rate_limit: rateLimit.optional(),
    audience: z
      .string()
      .regex(/^[^\s\p{Cc}]{1,255}$/u, "needs text without spaces, at most 255 characters")
      .optional(),
  });
}

export type WrittenRule = z.infer<ReturnType<typeof ruleShape>>;

/** One entry of `upstreams`. */
export const upstreamShape = members({
  url: upstreamUrl(),
  timeout: time().optional(),
  idle_timeout: time().optional(),
});

export const MAX_RULES = 1_000;

/** The file as a whole; what its rules and upstreams are is looked at one by one, so that a fault in one hides no other. */
export const fileShape = members({
  version: z.literal(1, "needs 1: that is the only version there is"),
  ignore_case: z.boolean().default(false),
  upstreams: z.record(z.string(), z.unknown()).default({}),
  rules: z
    .array(z.unknown())
    .min(1, "is empty: nobody could reach anything")
    .max(MAX_RULES, `has more than ${MAX_RULES} rules`),
});
