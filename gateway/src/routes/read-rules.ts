import type { RouteRule, RouteRules, RouteUpstream } from "../policy/route-rule.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type Finding, inOrder, type Reading } from "./finding.ts";
import { findingAt, findingsOf, IN_WORDS } from "./issue-words.ts";
import { DEFAULT_UPSTREAM, fileShape, ruleShape, upstreamShape, type WrittenRule } from "./rule-shape.ts";
import { name } from "./rule-values.ts";
import { rulesWarnings } from "./rules-warnings.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

/** Of a file; more than a thousand rules need. */
export const MAX_LENGTH = 1024 * 1024;

type Upstreams = { readonly known: ReadonlyMap<string, RouteUpstream>; readonly names: readonly string[] };
type Say = (path: readonly PropertyKey[], message: string) => void;
type Collected = { readonly document: YamlDocument; readonly findings: Finding[]; readonly say: Say };

function readUpstreams(
  { document, findings, say }: Collected,
  written: Readonly<Record<string, unknown>>,
  standard: RouteUpstream,
): Upstreams {
  const known = new Map([[DEFAULT_UPSTREAM, standard]]);
  for (const [key, value] of Object.entries(written)) {
    const path = ["upstreams", key];
    const named = name().safeParse(key, IN_WORDS);
    const read = upstreamShape.safeParse(value, IN_WORDS);
    if (key === DEFAULT_UPSTREAM) say(path, "is UPSTREAM_URL's: choose another name");
    if (!named.success) findings.push(...findingsOf(document, named.error.issues, path));
    if (!read.success) findings.push(...findingsOf(document, read.error.issues, path));
    else {
      const { url, timeout = standard.timeout, idle_timeout = standard.idleTimeout } = read.data;
      known.set(key, { url, timeout, idleTimeout: idle_timeout });
    }
  }
  return { known, names: [DEFAULT_UPSTREAM, ...Object.keys(written)] };
}

/** Who may GET a page may ask for its headers (RFC 9110, section 9.3.2). */
const withHead = (methods: readonly string[]) =>
  methods.includes("GET") && !methods.includes("HEAD") ? [...methods, "HEAD"] : methods;

function toRule(written: WrittenRule, line: number, upstream: RouteUpstream): RouteRule {
  const { rate_limit: limit } = written;
  return {
    name: written.name,
    line,
    hosts: written.hosts,
    methods: withHead(written.methods),
    path: written.path,
    access: written.require,
    upstream: {
      url: upstream.url,
      timeout: written.timeout ?? upstream.timeout,
      idleTimeout: written.idle_timeout ?? upstream.idleTimeout,
    },
    audience: written.audience ?? null,
    bodyLimit: written.body_limit ?? null,
    rateLimit: limit ? { requests: limit.requests, seconds: limit.per, by: limit.by } : null,
  };
}

function readRule(
  { document, findings, say }: Collected,
  at: number,
  read: ReturnType<ReturnType<typeof ruleShape>["safeParse"]>,
  { known, names }: Upstreams,
): RouteRule | null {
  const path = ["rules", at];
  if (!read.success) {
    findings.push(...findingsOf(document, read.error.issues, path));
    return null;
  }
  const wanted = read.data.upstream;
  if (!names.includes(wanted)) say([...path, "upstream"], `${wanted} is not in upstreams${didYouMean(wanted, names)}`);
  const upstream = known.get(wanted);
  return upstream ? toRule(read.data, document.at(path).line, upstream) : null;
}

/** Names are compared as they are written, so that a rule with a fault is not left out. */
function checkNames({ document, say }: Collected, rules: readonly unknown[]): void {
  const lines = new Map<unknown, number>();
  for (const [at, rule] of rules.entries()) {
    const written = typeof rule === "object" && rule !== null && "name" in rule ? rule.name : undefined;
    if (typeof written !== "string") continue;
    const { line } = document.at(["rules", at, "name"]);
    const first = lines.get(written);
    if (first === undefined) lines.set(written, line);
    else say(["rules", at, "name"], `is the name of another rule already, in line ${first}`);
  }
}

function readFile(collected: Collected, standard: RouteUpstream): RouteRules {
  const { document, findings } = collected;
  const file = fileShape.safeParse(document.value, IN_WORDS);
  if (!file.success) findings.push(...findingsOf(document, file.error.issues));
  const written = (document.value ?? {}) as { upstreams?: unknown; rules?: unknown; ignore_case?: unknown };
  const upstreams = readUpstreams(collected, fileShape.shape.upstreams.catch({}).parse(written.upstreams), standard);
  const list = fileShape.shape.rules.catch([]).parse(written.rules);
  checkNames(collected, list);
  const ignoreCase = written.ignore_case === true;
  const shape = ruleShape(ignoreCase);
  const rules = list.map((rule, at) => readRule(collected, at, shape.safeParse(rule, IN_WORDS), upstreams));
  return { rules: rules.filter((rule) => rule !== null), ignoreCase };
}

/**
 * Reads the text of a gateway.yml. Never throws.
 * @param standard the upstream of rules that name none, and the timeouts of those that give none.
 * @returns the rules, or null where anything is wrong; every fault and warning at once, each with its place.
 */
export function readRules(text: string, standard: RouteUpstream): Reading<RouteRules> {
  const tooLarge = { severity: "fault", line: 1, column: 1, message: "the file is larger than 1 MiB" } as const;
  if (text.length > MAX_LENGTH) return { value: null, findings: [tooLarge] };
  const document = readYaml(text);
  const findings = [...document.findings];
  const say: Say = (path, message) => void findings.push(findingAt(document, path, message));
  if (document.value === undefined) return { value: null, findings };
  const rules = readFile({ document, findings, say }, standard);
  if (findings.length > 0) return { value: null, findings: inOrder(findings) };
  return { value: rules, findings: inOrder(rulesWarnings(document, rules)) };
}
