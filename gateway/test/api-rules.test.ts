import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { DATABASE_URL: await createTestDatabase() } });
});
afterAll(() => gateway.stop());

const post = (path: string, init: RequestInit) => fetch(new URL(path, gateway.origin), { method: "POST", ...init });
const json = { "content-type": "application/json" };

describe("state-changing requests to the API", () => {
  it.each([
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, "a=b", 415, "unsupported_media_type"],
    ["plain text", { "content-type": "text/plain" }, "{}", 415, "unsupported_media_type"],
    ["no type", {}, new TextEncoder().encode("{}"), 415, "unsupported_media_type"],
    ["broken JSON", json, "{", 400, "invalid_request"],
    ["a JSON string", json, '"text"', 400, "invalid_request"],
    ["an array", json, "[]", 400, "invalid_request"],
    ["more than 64 KiB", json, JSON.stringify({ username: "a".repeat(65_536) }), 413, "payload_too_large"],
    ["a member twice", json, '{"username":"a@example.com","username":"b@example.com"}', 400, "invalid_request"],
    ["a member twice by another spelling", json, '{"step_up":false,"step\\u005fup":true}', 400, "invalid_request"],
    ["a member twice far inside", json, '{"x":[{"y":{"z":1,"z":2}}]}', 400, "invalid_request"],
    ["a prototype", json, '{"__proto__":{"step_up":true}}', 400, "invalid_request"],
    ["a constructor", json, '{"x":{"constructor":{"prototype":{}}}}', 400, "invalid_request"],
    ["30,000 nested lists", json, `{"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, 400, "invalid_request"],
    ["10,000 nested objects", json, `${'{"x":'.repeat(10_000)}1${"}".repeat(10_000)}`, 400, "invalid_request"],
    [
      "JSON that is not UTF-8",
      { "content-type": "application/json; charset=utf-16le" },
      Buffer.from("{}", "utf16le"),
      415,
      "unsupported_media_type",
    ],
    [
      "an unknown charset",
      { "content-type": "application/json; charset=klingon" },
      "{}",
      415,
      "unsupported_media_type",
    ],
    ["a compressed body", { ...json, "content-encoding": "gzip" }, "not gzip", 415, "unsupported_media_type"],
    [
      "JSON that is no UTF-8 although it says so",
      json,
      Buffer.from('{"username":"\xff"}', "latin1"),
      400,
      "invalid_request",
    ],
    ["a foreign origin", { ...json, origin: "https://evil.example" }, "{}", 403, "csrf_rejected"],
    ["a null origin", { ...json, origin: "null" }, "{}", 403, "csrf_rejected"],
    ["a cross-site fetch", { ...json, "sec-fetch-site": "cross-site" }, "{}", 403, "csrf_rejected"],
    ["a same-site fetch of a sibling", { ...json, "sec-fetch-site": "same-site" }, "{}", 403, "csrf_rejected"],
  ])("refuses %s", async (_what, headers, body, status, code) => {
    const response = await post("/api/passkeys/login/start", { headers, body });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code, status, request_id: response.headers.get("x-request-id") });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|at .*\(|127\.0\.0\.1/);
  });

  it("takes a request without a body and without any origin, as a command line sends it", async () => {
    expect((await post("/api/passkeys/login/start", {})).status).toBe(200);
  });

  it("answers unknown paths of its own API itself, and names no upstream", async () => {
    const response = await fetch(`${gateway.origin}/api/auth/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  });
});

describe("security headers", () => {
  it.each(["/api/auth/session", "/.passbridge/config.json", "/.well-known/jwks.json", "/.well-known/webauthn"])(
    "%s has them",
    async (path) => {
      const { headers } = await fetch(gateway.origin + path);
      expect(headers.get("content-security-policy")).toContain("script-src 'self'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.has("x-powered-by")).toBe(false);
    },
  );
});

describe("rate limits", () => {
  it("refuses an address over the limit with Retry-After", async () => {
    const limited = await startGateway({
      env: { DATABASE_URL: gateway.config.databaseUrl, RATE_LIMIT_FACTOR: "0.05" },
    });
    try {
      const browser = createBrowser(limited.origin);
      const answers = [];
      for (let count = 0; count < 4; count += 1) answers.push(await browser.post("/api/passkeys/login/start"));
      expect(answers.map((answer) => answer.status)).toContain(429);
      const refused = answers.find((answer) => answer.status === 429);
      expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused?.json()).toMatchObject({ code: "rate_limited" });
    } finally {
      await limited.stop();
    }
  });
});

describe("addresses", () => {
  const starts = async (origin: string, addresses: readonly string[]) => {
    const answers = addresses.map((address) =>
      createBrowser(origin).fetch("/api/passkeys/login/start", {
        method: "POST",
        headers: { "x-forwarded-for": address },
      }),
    );
    return (await Promise.all(answers)).map(({ status }) => status).toSorted();
  };
  const limits = { RATE_LIMIT_FACTOR: "0.0167" };

  it("are the client's behind a trusted proxy, and nobody else's word for it", async () => {
    const env = { DATABASE_URL: gateway.config.databaseUrl, ...limits };
    const trusting = await startGateway({ env: { ...env, TRUSTED_PROXIES: "127.0.0.0/8,::1" } });
    try {
      expect(await starts(trusting.origin, ["192.0.2.7", "192.0.2.8", "192.0.2.8"])).toEqual([200, 200, 429]);
    } finally {
      await trusting.stop();
    }
    const alone = await startGateway({ env });
    try {
      const statuses = await starts(alone.origin, ["192.0.2.9", "192.0.2.10", "192.0.2.11"]);
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    } finally {
      await alone.stop();
    }
  });
});

describe("privileged actions", () => {
  it("ask for a recent sign-in and say where", async () => {
    let now = Date.now();
    const aging = await startGateway({
      env: { DATABASE_URL: gateway.config.databaseUrl },
      overrides: { clock: () => new Date(now) },
    });
    try {
      const browser = createBrowser(aging.origin);
      await signUp(browser, createPerson());
      expect((await browser.post("/api/passkeys/register/start")).status).toBe(200);
      now += 16 * 60_000;
      for (const path of ["/api/passkeys/register/start", "/api/auth/password-reset"]) {
        const refused = await browser.post(path);
        expect(refused.status).toBe(403);
        expect(await refused.json()).toMatchObject({
          code: "reauthentication_required",
          login_url: expect.stringContaining(`${aging.origin}/login`),
        });
      }
    } finally {
      await aging.stop();
    }
  });

  it("refuse nobody with 401", async () => {
    const browser = createBrowser(gateway.origin);
    expect((await browser.post("/api/auth/password-reset")).status).toBe(401);
    expect((await browser.post("/api/passkeys/register/start")).status).toBe(401);
  });
});

describe("POST /api/auth/password-reset", () => {
  it("opens Kratos' settings for someone signed in by passkey, and is not fed by its own session", async () => {
    const owner = createBrowser(gateway.origin);
    await signUp(owner, createPerson());
    const authenticator = await createPasskeyFor(owner);
    expect(await (await owner.post("/api/auth/password-reset")).json()).toMatchObject({
      code: "reauthentication_required",
    });

    const browser = createBrowser(gateway.origin);
    await signInWithPasskey(browser, authenticator);
    const made = await browser.post("/api/auth/password-reset");
    const { flow_id, code } = (await made.json()) as { flow_id: string; code: string };
    expect(code).toMatch(/^\d{6}$/);
    const submitted = await browser.post(`/.ory/kratos/self-service/recovery?flow=${flow_id}`, {
      method: "code",
      code,
    });
    expect([200, 422]).toContain(submitted.status);
    expect(await submitted.text()).toMatch(/\/account\?flow=|show_settings_ui/);

    browser.cookies.delete("passbridge_session");
    expect(await (await browser.fetch("/api/auth/session")).json()).toMatchObject({ methods: ["code"] });
    expect((await browser.post("/api/auth/password-reset")).status).toBe(403);
  });
});
