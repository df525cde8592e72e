import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { RouteRule } from "../src/policy/route-rule.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { type ListingUpstream, startListingUpstream } from "./support/listing-upstream.ts";
import { type NastyUpstream, startNastyUpstream } from "./support/nasty-upstream.ts";
import { createPerson, signUp } from "./support/people.ts";
import { rawRequest } from "./support/raw-http.ts";
import { ruleFor } from "./support/route-rules.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const AUDIENCE = "https://two.example.com";
let one: ListingUpstream;
let two: ListingUpstream;
let nasty: NastyUpstream;
let gateway: RunningGateway;
let browser: TestBrowser;

const prefix = (path: string) => ({ kind: "prefix", path }) as const;
const open = { kind: "public" } as const;

function rulesFor(): RouteRule[] {
  const gone = new URL("http://127.0.0.1:9");
  const limits = { rateLimit: { requests: 2, seconds: 60, by: "address" } } as const;
  return [
    ruleFor(two.url, 5_000, { name: "two", hosts: ["two.example.com"], audience: AUDIENCE, access: open }),
    ruleFor(one.url, 5_000, { name: "counted", path: prefix("/counted"), access: open, ...limits }),
    ruleFor(one.url, 5_000, { name: "socket", path: prefix("/socket"), access: open, ...limits }),
    ruleFor(one.url, 5_000, { name: "small", path: prefix("/small"), access: open, bodyLimit: 10 }),
    ruleFor(gone, 5_000, { name: "down", path: prefix("/down"), access: open }),
    ruleFor(nasty.url, 300, { name: "slow", path: prefix("/never"), access: open }),
    ruleFor(one.url, 5_000, { name: "rest" }),
  ];
}

beforeAll(async () => {
  one = await startListingUpstream("one");
  two = await startListingUpstream("two");
  nasty = await startNastyUpstream();
  const rules = { rules: rulesFor(), ignoreCase: false };
  gateway = await startGateway({
    env: {
      DATABASE_URL: await createTestDatabase(),
      RATE_LIMIT_FACTOR: "1",
      // Counters of its own: other tests come from the same address.
      REDIS_URL: new URL("/9", inject("stack").redisUrl).href,
    },
    overrides: { rules: () => rules },
  });
  browser = createBrowser(gateway.origin);
  await signUp(browser, createPerson());
});

afterAll(async () => {
  await gateway.stop();
  for (const upstream of [one, two, nasty]) await upstream.stop();
});

const cookie = () => `Cookie: ${[...browser.cookies].map((pair) => pair.join("=")).join("; ")}`;

function send(target: string, host: string, ...headers: string[]) {
  const lines = [`GET ${target} HTTP/1.1`, ...(host === "" ? [] : [`Host: ${host}`]), ...headers];
  return rawRequest(gateway.origin, `${lines.join("\r\n")}\r\n\r\n`);
}

const plain = (target: string, host: string, ...headers: string[]) =>
  send(target, host, "Connection: close", ...headers);
const upgrade = (target: string, host: string, ...headers: string[]) =>
  send(
    target,
    host,
    ...["Connection: Upgrade", "Upgrade: websocket"],
    ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
    ...headers,
  );

describe("the host of a rule", () => {
  it.each([
    ["two.example.com", "two.example.com", "80"],
    ["TWO.example.com:8443", "two.example.com:8443", "8443"],
    ["two.example.com:80", "two.example.com", "80"],
    ["two.example.com.", "two.example.com", "80"],
  ])("%s picks its upstream, which is told it", async (host, told, port) => {
    expect(await plain("/page", host)).toMatch(/\r\n\r\ntwo$|two\r\n0\r\n/);
    expect(two.seen.at(-1)?.headers).toMatchObject({
      host: told,
      "x-forwarded-host": told,
      "x-forwarded-port": port,
      "x-forwarded-proto": "http",
    });
  });

  it("nobody names is PUBLIC_URL's", async () => {
    await plain("/page", "elsewhere.example", cookie());
    const { host } = new URL(gateway.origin);
    expect(one.seen.at(-1)?.headers).toMatchObject({ host, "x-forwarded-host": host });
  });

  it("is taken of a stranger's X-Forwarded-Host never", async () => {
    const before = two.seen.length;
    await plain("/page", "elsewhere.example", cookie(), "X-Forwarded-Host: two.example.com");
    expect(two.seen.length).toBe(before);
    expect(one.seen.at(-1)?.headers["x-forwarded-host"]).toBe(new URL(gateway.origin).host);
  });

  it.each(["", "two example.com", "two.example.com:99999999", "two.example.com/x", "a@two.example.com", "two,one"])(
    "%j is refused",
    async (host) => {
      const before = one.seen.length + two.seen.length;
      expect(await plain("/page", host)).toMatch(/^HTTP\/1.1 400 /);
      expect(await upgrade("/page", host)).toMatch(/^HTTP\/1.1 400 /);
      expect(one.seen.length + two.seen.length).toBe(before);
    },
  );
});

describe("the audience of a rule", () => {
  it.each([
    ["a request", plain],
    ["a WebSocket", upgrade],
  ])("is the token's in %s, and PUBLIC_URL without one", async (_name, ask) => {
    const tokenOf = (upstream: ListingUpstream) => decodeJwt(String(upstream.seen.at(-1)?.headers["x-identity-token"]));
    await ask("/page", "two.example.com", cookie());
    expect(tokenOf(two)).toMatchObject({ iss: gateway.origin, aud: AUDIENCE });
    await ask("/page", "x", cookie());
    expect(tokenOf(one)).toMatchObject({ iss: gateway.origin, aud: gateway.origin });
  });
});

describe("the limits of a rule", () => {
  it.each([
    ["/counted", plain, /^HTTP\/1.1 200 /],
    ["/socket", upgrade, /^HTTP\/1.1 418 /],
  ])("%s: the third request is refused with the time to wait, and others pass", async (path, ask, passed) => {
    expect(await ask(path, "x")).toMatch(passed);
    expect(await ask(path, "x", cookie())).toMatch(passed);
    const before = one.seen.length;
    const answer = await ask(path, "x");
    expect(answer).toMatch(/^HTTP\/1.1 429 /);
    expect(answer).toMatch(/\r\nRetry-After: [1-9]\d*\r\n/i);
    expect(answer).toContain('"code":"rate_limited"');
    expect(one.seen.length).toBe(before);
    expect(await ask("/other", "x", cookie())).toMatch(passed);
  });

  it("hold bodies back", async () => {
    const post = (body: string) => fetch(`${gateway.origin}/small`, { method: "POST", body });
    expect((await post("0123456789")).status).toBe(200);
    const refused = await post("01234567890");
    expect([refused.status, await refused.json()]).toMatchObject([413, { code: "payload_too_large" }]);
  });

  it("of time are each rule's own; an upstream that is down or slow is nobody else's trouble", async () => {
    const [down, slow, rest] = await Promise.all([
      plain("/down", "x"),
      plain("/never", "x"),
      plain("/page", "two.example.com"),
    ]);
    expect(down).toMatch(/^HTTP\/1.1 502 /);
    expect(slow).toMatch(/^HTTP\/1.1 504 /);
    expect(rest).toMatch(/^HTTP\/1.1 200 /);
    expect(await upgrade("/down", "x")).toMatch(/^HTTP\/1.1 502 /);
    expect(await upgrade("/never", "x")).toMatch(/^HTTP\/1.1 504 /);
  });
});
