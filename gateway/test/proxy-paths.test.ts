import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isOwnPath } from "../src/http/own-paths.ts";
import { readRequestTarget } from "../src/policy/request-target.ts";
import { type ListingUpstream, startListingUpstream } from "./support/listing-upstream.ts";
import { rawRequest } from "./support/raw-http.ts";
import { ruleFor } from "./support/route-rules.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: ListingUpstream;
let gateway: RunningGateway;

beforeAll(async () => {
  upstream = await startListingUpstream();
  const publicRule = ruleFor(upstream.url, 5_000, { access: { kind: "public" } });
  const secret = { ...publicRule, name: "secret", path: { kind: "prefix", path: "/secret" } } as const;
  const rules = { rules: [{ ...secret, access: { kind: "deny" } as const }, publicRule], ignoreCase: false };
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase() },
    overrides: { rules: () => rules },
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

beforeEach(() => {
  upstream.seen.length = 0;
});

const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const PLAIN = ["Connection: close"];

/** The status of a request for a target as it is written, and what the upstream was asked for, if anything. */
async function ask(target: string, headers: string[]) {
  const before = upstream.seen.length;
  const answer = await rawRequest(
    gateway.origin,
    `GET ${[`${target} HTTP/1.1`, "Host: x", ...headers].join("\r\n")}\r\n\r\n`,
  );
  return { status: Number(answer.slice(9, 12)), asked: upstream.seen.slice(before).map(({ url }) => url) };
}

/** Where each spelling ends: with the gateway ("own"), nowhere (400), or with the upstream, under the path it is asked for. */
const SPELLINGS: [target: string, side: "own" | 400 | `/${string}`][] = [
  ["/login", "own"],
  ["/login/", "own"],
  ["/login/deep?a=b", "own"],
  ["/%6cogin", "own"],
  ["/%6Cogi%6e/deep", "own"],
  ["/LOGIN", "/LOGIN"],
  ["/Login/deep", "/Login/deep"],
  ["/loginx", "/loginx"],
  ["/login;x", "/login;x"],
  ["/login;/x", "/login;/x"],
  ["/login%3bx", "/login%3Bx"],
  ["/login%20", "/login%20"],
  ["/login%e2%80%ae", "/login%E2%80%AE"],
  ["//login", 400],
  ["/./login", 400],
  ["/login/..", 400],
  ["/login/%2e", 400],
  ["/login%2f", 400],
  ["/login%00", 400],
  ["/login\\x", 400],
  ["/%61pi/auth/session", "own"],
  ["/api//auth///session", "own"],
  ["/api/auth/nothing", "own"],
  ["/api/AUTH/session", "/api/AUTH/session"],
  ["/API/auth/session", "/API/auth/session"],
  ["/Api/Admin/policy", "/Api/Admin/policy"],
  ["/api/authx", "/api/authx"],
  ["/api/auth;x/session", "/api/auth;x/session"],
  ["/api", "/api"],
  ["/api%2fauth/session", 400],
  ["/api%5cauth/session", 400],
  ["/api%252fauth/session", "/api%252fauth/session"],
  ["/x/../api/admin/policy", 400],
  ["/x/%2e%2e/api/admin/policy", 400],
  ["/x/..;/api/admin/policy", 400],
  ["/x\\..\\api/admin/policy", 400],
  ["/.ory/kratos/sessions/whoami", "own"],
  ["/%2eory/kratos/sessions/whoami", "own"],
  ["/.ory//kratos/sessions/whoami", "own"],
  ["/.ory/kratos/admin/identities", "own"],
  ["/.ORY/kratos/sessions/whoami", "/.ORY/kratos/sessions/whoami"],
  ["/.ory/kratosx", "/.ory/kratosx"],
  ["/.ory%2fkratos/sessions/whoami", 400],
  ["/.ory/./kratos/sessions/whoami", 400],
  ["/.well-known/jwks.json", "own"],
  ["/.well-known/jwks.json/x", "own"],
  ["/.well-known/%6awks.json", "own"],
  ["/.well-known/JWKS.json", "/.well-known/JWKS.json"],
  ["/.well-known/WebAuthn", "/.well-known/WebAuthn"],
  ["/.well-known/acme-challenge/x", "/.well-known/acme-challenge/x"],
  ["/health/alive", "own"],
  ["/%68ealth/alive", "own"],
  ["/health/alive/x", "own"],
  ["/health/ALIVE", "/health/ALIVE"],
  ["/health", "/health"],
  ["/.passbridge/config.json", "own"],
  ["/passbridge/nothing", "own"],
  ["/Passbridge/nothing", "/Passbridge/nothing"],
  ["http://x/login", "own"],
  ["http://x/a?b", "/a?b"],
  ["http://x//login", 400],
  ["*", 400],
  ["/a%ff", 400],
  ["/a%zz", 400],
];

describe("which side a path is on", () => {
  it.each(SPELLINGS)("%s → %s", async (target, side) => {
    const { status, asked } = await ask(target, PLAIN);
    expect(asked).toEqual(typeof side === "number" || side === "own" ? [] : [side]);
    expect(status === 400).toBe(side === 400);
    const read = readRequestTarget(target);
    expect(read === null).toBe(side === 400);
    expect(read !== null && isOwnPath(read.path)).toBe(side === "own");
  });

  it.each(SPELLINGS)("the same for a WebSocket: %s → %s", async (target, side) => {
    const { status, asked } = await ask(target, WEBSOCKET);
    const passed = typeof side !== "number" && side !== "own";
    expect(asked).toEqual(passed ? [side] : []);
    expect(status).toBe(side === "own" ? 404 : side === 400 ? 400 : 418);
  });
});

const pieces = fc.constantFrom(
  ..."/.;%?aA\\~:@&".split(""),
  ...["//", "..", "%2e", "%2E%2e", "%2F", "%5c", "%00", "%25", "%61", "%3b", "..;", "%c3%a9", "%ff"],
  ...["secret", "%73ecret", "SECRET", "secre%74;x", "/secret", "/secret/", ";/secret"],
  ...["login", "/api/auth", "/API", "/.ory/kratos", "health", "http://x.example"],
);
const targets = fc.array(pieces, { maxLength: 8 }).map((parts) => `/${parts.join("")}`);

/** What a server behind might make of a path: without parameters, decoded (RFC 3986, section 3.3). */
const loosely = (path: string) => decodeURIComponent(path.replace(/;[^/]*/g, ""));

async function holds(target: string, headers: string[]): Promise<void> {
  const { status, asked } = await ask(target, headers);
  const read = readRequestTarget(target);
  const own = read !== null && isOwnPath(read.path);
  const secret = read !== null && !own && /^\/secret(\/|$)/.test(loosely(read.path));
  expect(asked).toEqual(read && !own && !secret ? [read.path + read.query] : []);
  if (!read) expect(status).toBe(400);
  if (secret) expect(status).toBe(403);
}

describe("whatever is asked for", () => {
  it("the upstream sees the very path its rule was found by, or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(targets, (target) => holds(target, PLAIN)),
      { numRuns: 600 },
    );
  }, 60_000);

  it("the same for a WebSocket", async () => {
    await fc.assert(
      fc.asyncProperty(targets, (target) => holds(target, WEBSOCKET)),
      { numRuns: 300 },
    );
  }, 60_000);
});
