import { expect, test } from "vitest";
import { nextAddress } from "./support/addresses.ts";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, type PasskeyWorld, problem } from "./support/passkey-world.ts";

const TRUSTING = { TRUSTED_PROXIES: "127.0.0.0/8,::1" };

async function withWorld(use: (world: PasskeyWorld) => Promise<void>, factor = "1"): Promise<void> {
  const world = await createPasskeyWorld({ env: { ...TRUSTING, RATE_LIMIT_FACTOR: factor } });
  try {
    await use(world);
  } finally {
    await world.stop();
  }
}

const redeem = (browser: TestBrowser, email: string, from: string, code = "00000-00000") =>
  answerOf(
    browser.fetch("/api/auth/recovery-code", {
      method: "POST",
      json: { email, code },
      headers: { "x-forwarded-for": from },
    }),
  );

test("five tries for an account in a quarter of an hour, over all addresses and spellings, known or not", async () => {
  await withWorld(async (world) => {
    const person = world.people.add();
    const { body } = await answerOf(world.browser(person).post("/api/recovery-codes"));
    const [right] = body.codes as string[];
    for (const email of [person.identity.email, `nobody-${person.identity.email}`]) {
      const spellings = [email, email.toUpperCase(), ` ${email}`, email.replace("e", "E"), `${email} `];
      const tries = spellings.map((spelling) => redeem(world.browser(), spelling, nextAddress()));
      for (const refused of await Promise.all(tries)) expect(refused).toMatchObject(problem(401, "recovery_failed"));
      const limited = await redeem(world.browser(), email, nextAddress(), right);
      expect(limited).toMatchObject(problem(429, "rate_limited"));
    }
  });
});

test("twenty tries from an address in an hour, over all accounts", async () => {
  await withWorld(async (world) => {
    const from = nextAddress();
    const statuses = await Promise.all(
      Array.from({ length: 21 }, (_, one) =>
        redeem(world.browser(), `${from.length}-${one}-${from.replaceAll(":", "-")}@example.com`, from),
      ),
    );
    const counted = statuses.map(({ status }) => status).toSorted();
    expect(counted).toEqual([...Array(20).fill(401), 429]);
  });
});

test("five sets in a quarter of an hour; a fifth of that is one", async () => {
  await withWorld(async (world) => {
    const browser = world.browser(world.people.add());
    expect((await browser.post("/api/recovery-codes")).status).toBe(201);
    const second = await browser.post("/api/recovery-codes");
    expect(second.status).toBe(429);
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(60);
  }, "0.2");
});
