import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListingUpstream, startListingUpstream } from "./support/listing-upstream.ts";
import { rawRequest } from "./support/raw-http.ts";
import { ruleFor } from "./support/route-rules.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: ListingUpstream;
let other: ListingUpstream;
let gateway: RunningGateway;

beforeAll(async () => {
  upstream = await startListingUpstream();
  other = await startListingUpstream();
  const open = { access: { kind: "public" } } as const;
  const limit = { requests: 1, seconds: 60, by: "address" } as const;
  const rules = [
    ruleFor(other.url, 5_000, { ...open, name: "other", hosts: ["other.example.com", "*.apps.example.com"] }),
    ruleFor(upstream.url, 5_000, {
      ...open,
      name: "counted",
      path: { kind: "prefix", path: "/counted" },
      rateLimit: limit,
    }),
    ruleFor(upstream.url, 5_000, open),
  ];
  gateway = await startGateway({
    env: {
      DATABASE_URL: await createTestDatabase(),
      TRUSTED_PROXIES: "127.0.0.1,10.0.0.0/8,fd00::/8",
      RATE_LIMIT_FACTOR: "1",
    },
    overrides: { rules: () => ({ rules, ignoreCase: false }) },
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await other.stop();
});

const SOCKET = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/** Asks as a trusted proxy would, and gives back the status. */
async function ask(path: string, headers: readonly string[], upgrade = false): Promise<number> {
  const connection = upgrade ? `Connection: Upgrade\r\n${SOCKET}` : "Connection: close\r\n";
  const lines = [`GET ${path} HTTP/1.1`, "Host: inner", ...headers].join("\r\n");
  return Number((await rawRequest(gateway.origin, `${lines}\r\n${connection}\r\n`)).slice(9, 12));
}

describe.each([
  ["a request", false, 200],
  ["a WebSocket", true, 418],
])("behind a trusted proxy, %s", (_name, upgrade, passed) => {
  it.each([
    ["X-Forwarded-For: 203.0.113.9", "203.0.113.9, 127.0.0.1"],
    ["X-Forwarded-For: 203.0.113.9, 10.0.0.7", "203.0.113.9, 10.0.0.7, 127.0.0.1"],
    ["X-Forwarded-For: 6.6.6.6, 203.0.113.9", "203.0.113.9, 127.0.0.1"],
    ["X-Forwarded-For: 2001:db8::9, fd00::1", "2001:db8::9, fd00::1, 127.0.0.1"],
    ["X-Forwarded-For: unknown", "127.0.0.1"],
    ["X-Forwarded-For: 203.0.113.9, <script>", "127.0.0.1"],
    ["X-Forwarded-For: 203.0.113.9:1234", "127.0.0.1"],
    ["Forwarded: for=6.6.6.6;host=other.example.com", "127.0.0.1"],
    ["X-Real-IP: 6.6.6.6", "127.0.0.1"],
  ])("with %s came from %s", async (header, chain) => {
    expect(await ask("/page", [header], upgrade)).toBe(passed);
    const { headers } = upstream.seen.at(-1) ?? {};
    const { host } = new URL(gateway.origin);
    expect(headers).toMatchObject({
      host,
      "x-forwarded-for": chain,
      "x-forwarded-proto": "http",
      "x-forwarded-host": host,
    });
    expect(headers).not.toHaveProperty("forwarded");
    expect(headers).not.toHaveProperty("x-real-ip");
  });

  it("keeps the scheme of PUBLIC_URL whatever it is told", async () => {
    await ask("/page", ["X-Forwarded-Proto: https", "X-Forwarded-Port: 443", "X-Forwarded-Prefix: /x"], upgrade);
    const { headers } = upstream.seen.at(-1) ?? {};
    const { port } = new URL(gateway.origin);
    expect(headers).toMatchObject({ "x-forwarded-proto": "http", "x-forwarded-port": port });
    expect(headers).not.toHaveProperty("x-forwarded-prefix");
  });

  it.each(["other.example.com", "OTHER.example.com", "one.apps.example.com"])(
    "goes where the rule for %s sends it",
    async (host) => {
      const before = other.seen.length;
      expect(await ask("/page", [`X-Forwarded-Host: ${host}`], upgrade)).toBe(passed);
      expect(other.seen.length).toBe(before + 1);
      const told = host.toLowerCase();
      expect(other.seen.at(-1)?.headers).toMatchObject({ host: told, "x-forwarded-host": told });
    },
  );

  it.each([
    ["two hosts in one", ["X-Forwarded-Host: other.example.com, inner"]],
    ["two headers", ["X-Forwarded-Host: other.example.com", "X-Forwarded-Host: inner"]],
    ["no host at all", ["X-Forwarded-Host: @"]],
  ])("is refused where it names %s", async (_what, headers) => {
    const before = other.seen.length + upstream.seen.length;
    expect(await ask("/page", headers, upgrade)).toBe(400);
    expect(other.seen.length + upstream.seen.length).toBe(before);
  });
});

it("limits by the client's address, not by the proxy's, and not by what the client says it is", async () => {
  const from = (chain: string) => ask("/counted", [`X-Forwarded-For: ${chain}`]);
  expect(await from("203.0.113.1")).toBe(200);
  expect(await from("203.0.113.2")).toBe(200);
  expect(await from("203.0.113.1")).toBe(429);
  expect(await from("198.51.100.1, 203.0.113.1")).toBe(429);
  expect(await from("203.0.113.1, 10.1.2.3")).toBe(429);
});
