import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AUTHZ_PATH, OWN_PATHS } from "../src/http/own-paths.ts";
import { isIdentityHeader } from "../src/upstream/client-headers.ts";
import { IDENTITY_HEADERS } from "../src/upstream/identity-headers.ts";

const DEPLOY = join(import.meta.dirname, "../../deploy");
const read = (file: string) => readFileSync(join(DEPLOY, file), "utf8");

type Pattern = { readonly exact?: string; readonly safe_regex?: { readonly regex: string } };
type Patterns = { readonly patterns: readonly Pattern[] };

/** Every value under a name, wherever in a document. */
function valuesOf(document: unknown, name: string): unknown[] {
  if (typeof document !== "object" || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) => [
    ...(key === name ? [value] : []),
    ...valuesOf(value, name),
  ]);
}

const traefik = parse(read("traefik/dynamic.yml"));
const envoy = parse(read("envoy/envoy.yaml"));
const patternsOf = (name: string) => (valuesOf(envoy, name)[0] as Patterns).patterns;

const inside = (pattern: RegExp, text: string) => pattern.exec(text)?.[1] ?? "";
const [envoyPaths = ""] = valuesOf(envoy, "match").flatMap((match) => (match as Pattern).safe_regex?.regex ?? []);

/** How each file tells the gateway's own paths from the application's. */
const OWN = {
  nginx: inside(/location ~ (\^\/\S+login\S+) \{/, read("nginx/passbridge.conf")),
  caddy: inside(/@own path_regexp (\S+)/, read("caddy/Caddyfile")),
  traefik: inside(/PathRegexp\(`([^`]+)`\)/, read("traefik/dynamic.yml")),
  // Envoy's patterns are for the whole path.
  envoy: `^${envoyPaths}$`,
};

describe.each(Object.entries(OWN))("the gateway's own paths in the configuration of %s", (_name, source) => {
  const own = RE2JS.compile(source);
  const isOwn = (path: string) => own.matcher(path).find();

  it.each(OWN_PATHS)("have %s among them, and nothing of a longer name", (path) => {
    expect([path, `${path}/`, `${path}/below/x`].map(isOwn)).toEqual([true, true, true]);
    expect([`${path}x`, `/x${path}`, `${path}-x/y`].map(isOwn)).toEqual([false, false, false]);
  });

  it("are no more than that", () => {
    for (const path of [
      "/",
      "/a",
      "/api",
      "/api/",
      "/api/other",
      "/health",
      "/health/other",
      AUTHZ_PATH,
      `${AUTHZ_PATH}/x`,
      "/.well-known/security.txt",
    ]) {
      expect([path, isOwn(path)]).toEqual([path, false]);
    }
    // As many as there are: none that the gateway has no more is left.
    expect(source.replace(/^\^?\/\(\?:|\)\(\?:\/.*$/g, "").match(/[a-z.\\-]+(?=\||\)|$)/g)?.length).toBe(
      OWN_PATHS.length,
    );
  });
});

describe("identity headers", () => {
  const [traefikPattern] = valuesOf(traefik, "authResponseHeadersRegex");
  const envoyPattern = patternsOf("allowed_headers").flatMap(({ safe_regex }) => safe_regex?.regex ?? [])[0];
  const PATTERNS = { traefik: String(traefikPattern), envoy: `^(?:${envoyPattern})$` };
  const FURTHER = ["X-Auth-Request-User", "X-Auth-Request", "X-Forwarded-User", "X-Forwarded-Preferred-Username"];
  const OTHERS = [
    "Cookie",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "Accept",
    "Remote-Control",
    "X-Auth",
    "Remote-User-X",
  ];

  it.each(Object.entries(PATTERNS))("of a client are known to %s in every spelling", (_name, source) => {
    const pattern = RE2JS.compile(source);
    const separator = fc.constantFrom("-", "_", ".", "--", "_-", "~");
    const spelling = fc
      .constantFrom(...IDENTITY_HEADERS, ...FURTHER)
      .chain((name) =>
        fc
          .tuple(separator, fc.boolean(), fc.constantFrom("", "_", "."))
          .map(([between, upper, end]) => `${end}${upper ? name.toUpperCase() : name}${end}`.replaceAll("-", between)),
      );
    fc.assert(
      fc.property(spelling, (name) => {
        expect([name, isIdentityHeader(name), pattern.matcher(name).find()]).toEqual([name, true, true]);
      }),
    );
    for (const name of OTHERS)
      expect([name, isIdentityHeader(name), pattern.matcher(name).find()]).toEqual([name, false, false]);
  });

  const lower = IDENTITY_HEADERS.map((name) => name.toLowerCase());

  it("are passed on by each proxy, all of them, and the cookies beside", () => {
    expect(patternsOf("allowed_upstream_headers").map(({ exact }) => exact)).toEqual([...lower, "cookie"]);
    for (const name of IDENTITY_HEADERS) {
      expect(read("nginx/passbridge.conf")).toMatch(new RegExp(`proxy_set_header ${name} \\$passbridge_`));
      expect(read("caddy/Caddyfile")).toContain(`${name} {http.reverse_proxy.header.${name}}`);
    }
    expect(valuesOf(traefik, "authResponseHeaders")).toEqual([["Cookie"]]);
  });
});

describe("a proxy", () => {
  it("shows the gateway what the decision looks at", () => {
    const shown = patternsOf("allowed_headers").map(({ exact }) => exact);
    for (const name of ["cookie", "accept", "origin", "sec-fetch-mode", "sec-websocket-key"])
      expect(shown).toContain(name);
    expect(valuesOf(envoy, "path_prefix")).toEqual(["/api/authz/ext-authz"]);
    expect(valuesOf(envoy, "failure_mode_allow")).toEqual([false]);
    expect(valuesOf(traefik, "trustForwardHeader")).toEqual([false]);
  });
});
