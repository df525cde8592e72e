import { randomUUID } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { redisSettingsOf } from "../../test/support/redis-settings-of.ts";
import { ruleFor } from "../../test/support/route-rules.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import type { RouteRateLimit } from "../policy/route-rule.ts";
import { createRedis } from "../redis.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { createRouteLimits } from "./route-limits.ts";

const log = pino({ level: "silent" });
const redis = createRedis(redisSettingsOf({ REDIS_URL: inject("stack").redisUrl }), log);

beforeAll(async () => {
  await redis.connect();
});

afterAll(() => redis.close());

const request = new IncomingMessage(new Socket());
const original = { method: "GET", host: "app.example.com", path: "/", query: "", pageLoad: false };

/** What a rule of this name and limit makes of one more request. */
function limited(name: string, rateLimit: RouteRateLimit | null, factor = 1, client = redis) {
  let address = "192.0.2.1";
  const limits = createRouteLimits({ redis: client, factor, addressOf: () => address });
  const rule = ruleFor(new URL("http://upstream.example"), 1_000, { name, rateLimit });
  return async (from: string, session: UnifiedSession | null = null) => {
    address = from;
    await limits(request, { original, rule, session });
  };
}

const refused = { code: "rate_limited", status: 429 };
const byAddress = { requests: 2, seconds: 60, by: "address" } as const;
const byIdentity = { requests: 2, seconds: 60, by: "identity" } as const;
const other = unifiedSession({ identity: { id: randomUUID() } });

describe("a rule's rate limit", () => {
  it("counts by address, an IPv6 network as one, over all who ask under the rule's name", async () => {
    const name = randomUUID();
    const [one, two] = [limited(name, byAddress), limited(name, byAddress)];
    await one("2001:db8::1");
    await two("2001:db8::2", unifiedSession());
    await expect(one("2001:db8::3")).rejects.toMatchObject(refused);
    await expect(two("2001:db8::4", other)).rejects.toMatchObject({ retryAfter: expect.any(Number) });
    await one("2001:db8:0:1::1");
    await limited(randomUUID(), byAddress)("2001:db8::1");
  });

  it("counts by person wherever they are, and by address where nobody is signed in", async () => {
    const count = limited(randomUUID(), byIdentity);
    await count("192.0.2.1", unifiedSession());
    await count("192.0.2.2", unifiedSession());
    await expect(count("192.0.2.3", unifiedSession())).rejects.toMatchObject(refused);
    await count("192.0.2.1", other);
    await count("192.0.2.1");
    await count("192.0.2.1");
    await expect(count("192.0.2.1")).rejects.toMatchObject(refused);
    await count("192.0.2.2");
  });

  it("gives the requests back when the time is over", async () => {
    const count = limited(randomUUID(), { ...byAddress, requests: 1, seconds: 1 });
    await count("192.0.2.1");
    const { retryAfter } = (await count("192.0.2.1").catch((problem: { retryAfter: number }) => problem)) ?? {};
    expect(retryAfter).toBe(1);
    await expect
      .poll(
        () =>
          count("192.0.2.1").then(
            () => "passed",
            () => "refused",
          ),
        { timeout: 5_000 },
      )
      .toBe("passed");
  });

  it("is multiplied like every limit, and never less than one", async () => {
    const many = limited(randomUUID(), byAddress, 2);
    for (let i = 0; i < 4; i += 1) await many("192.0.2.1");
    await expect(many("192.0.2.1")).rejects.toMatchObject(refused);
    const few = limited(randomUUID(), byAddress, 0.01);
    await few("192.0.2.1");
    await expect(few("192.0.2.1")).rejects.toMatchObject(refused);
  });

  it("counts here while Redis is away, and asks nothing where there is no limit", async () => {
    const away = createRedis(redisSettingsOf({ REDIS_URL: "redis://127.0.0.1:9" }), log);
    const count = limited(randomUUID(), byAddress, 1, away);
    await count("192.0.2.1");
    await count("192.0.2.1");
    await expect(count("192.0.2.1")).rejects.toMatchObject(refused);
    const free = limited(randomUUID(), null, 1, away);
    for (let i = 0; i < 10; i += 1) await free("192.0.2.1");
    away.destroy();
  });
});
