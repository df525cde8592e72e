import { afterAll, beforeAll, inject } from "vitest";
import { firstPolicy } from "../../src/policy/passkey-policy.ts";
import { type ExitPeople, signInExitPeople } from "./exit-people.ts";
import { exitRules } from "./exit-rules.ts";
import { rawRequest } from "./raw-http.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./start-gateway.ts";

/** The lines of a request's head. */
export type Lines = readonly string[];

/** How a proxy asks about a request to a host. */
export type Question = (host: string, target: string, method?: string) => string[];

/** A whole HTTP/1.1 request as it is written, and the answer's status, headers and body. */
export async function askRaw(origin: string, lines: Lines, body = "") {
  const text = await rawRequest(origin, `${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
  const [answer = "", ...rest] = text.split("\r\n\r\n");
  const [status = "", ...fields] = answer.split("\r\n");
  const headers = new Headers(fields.map((field) => field.split(/: (.*)/s, 2) as [string, string]));
  return { status: Number(status.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}

/** As nginx asks with deploy/nginx/passbridge.conf. */
export const askedByNginx: Question = (host, target, method = "GET") => [
  "GET /api/authz/auth-request HTTP/1.1",
  `Host: ${host}`,
  `X-Original-URL: http://${host}${target}`,
  `X-Original-Method: ${method}`,
];
/** As Traefik 3 asks (pkg/middlewares/auth/forward.go): the client's headers but for hop-by-hop ones, and these. */
export const askedByTraefik: Question = (host, target, method = "GET") => [
  "GET /api/authz/forward-auth HTTP/1.1",
  "Host: gateway:8080",
  "User-Agent: Mozilla/5.0",
  "Accept-Encoding: gzip, deflate, br",
  "X-Forwarded-For: 192.0.2.7",
  `X-Forwarded-Host: ${host}`,
  `X-Forwarded-Method: ${method}`,
  "X-Forwarded-Port: 443",
  "X-Forwarded-Proto: https",
  "X-Forwarded-Server: traefik",
  `X-Forwarded-Uri: ${target}`,
  "X-Real-Ip: 192.0.2.7",
];
/** As Envoy's ext_authz over HTTP asks: the original's method, authority and path, an empty body, the allowed headers. */
export const askedByEnvoy: Question = (host, target, method = "GET") => [
  `${method} /api/authz/ext-authz${target} HTTP/1.1`,
  `host: ${host}`,
  "content-length: 0",
  "x-envoy-internal: true",
  "x-envoy-expected-rq-timeout-ms: 2000",
  "x-forwarded-for: 192.0.2.7",
  "x-forwarded-proto: https",
  "x-request-id: 2b2b7f0e-7c1c-9d2c-8c8e-0c0f5ad1a0b7",
];

/** A gateway with rules of every kind, which trusts this machine, and people who are signed in there. */
export function provideAuthz(): { readonly gateway: () => RunningGateway; readonly people: () => ExitPeople } {
  let gateway: RunningGateway;
  let people: ExitPeople;
  beforeAll(async () => {
    const rules = exitRules(new URL("http://127.0.0.1:9"));
    const policy = { ...firstPolicy(20), userVerification: "preferred" as const };
    const DATABASE_URL = await createTestDatabase();
    gateway = await startGateway({
      env: { DATABASE_URL, KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0", TRUSTED_PROXIES: "127.0.0.1" },
      overrides: { rules: () => rules, policy: async () => policy },
    });
    people = await signInExitPeople({ gateway, mailUrl: inject("stack").mailUrl });
  });
  afterAll(() => gateway.stop());
  return { gateway: () => gateway, people: () => people };
}
