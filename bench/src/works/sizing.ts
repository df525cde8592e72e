import { setTimeout as sleep } from "node:timers/promises";
import { createBrowser } from "../../../gateway/test/support/browser.ts";
import { usedMemory } from "../growth/seed-redis.ts";
import { seedWorld } from "../growth/seeded-world.ts";
import { cookieHeader, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Figure, Trial } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { SESSION_PATH } from "./session.ts";

const CHALLENGES = 200;
const USERS = 10;
const BETWEEN_REQUESTS = 1_000;
const MINUTE = 60_000;

async function measureBytes(bench: Bench, people: number): Promise<Figure[]> {
  const { bytes } = await seedWorld(bench, people);
  return [
    { what: "Redis, a session with its place in the index", value: bytes.redis, unit: "bytes" },
    { what: "the gateway's tables, a person with a passkey", value: bytes.gateway, unit: "bytes" },
    { what: "Kratos' tables, a person with a password", value: bytes.kratos, unit: "bytes" },
  ];
}

async function measureChallenges({ origin, stack }: Bench): Promise<Figure[]> {
  const start = async () => {
    const answer = await createBrowser(origin).post("/api/passkeys/login/start");
    if (answer.status !== 200) throw new Error(`login/start: ${answer.status}`);
  };
  // What is there once for all of them.
  await start();
  const before = await usedMemory(stack.redisUrl);
  for (let left = CHALLENGES; left > 0; left -= 1) await start();
  const value = ((await usedMemory(stack.redisUrl)) - before) / CHALLENGES;
  return [{ what: "Redis, a challenge", value, unit: "bytes" }];
}

/** How many requests Kratos answered so far, by its own count, those for its state left out. */
async function kratosCalls({ stack }: Bench): Promise<number> {
  const text = await (await fetch(`${stack.kratosAdminUrl}/admin/metrics/prometheus`)).text();
  const lines = text.split("\n").filter((line) => /^\w*http_requests_total\{/.test(line));
  return lines
    .filter((line) => !/endpoint="[^"]*(health|metrics)/.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

/** What Kratos is asked for somebody who does something every second: once within the time of the gateway's cache. */
async function measureCalls(bench: Bench, kind: keyof typeof SESSIONS, milliseconds: number): Promise<Figure> {
  const cookies: string[] = [];
  while (cookies.length < USERS) cookies.push(cookieHeader(await SESSIONS[kind](bench.origin)));
  const before = await kratosCalls(bench);
  const began = performance.now();
  do {
    const answers = cookies.map((cookie) => fetch(bench.gateway.address + SESSION_PATH, { headers: { cookie } }));
    for (const answer of await Promise.all(answers)) await answer.text();
    await sleep(Math.min(BETWEEN_REQUESTS, milliseconds));
  } while (performance.now() - began < milliseconds);
  const minutes = (performance.now() - began) / MINUTE;
  const value = ((await kratosCalls(bench)) - before) / USERS / minutes;
  return { what: `calls to Kratos for somebody signed in by ${kind}`, value, unit: "a minute" };
}

/** What the sizes in docs/deployment.md are worked out from, besides the rates of other works. */
export async function createSizingWorks(bench: Bench, { people, open }: Scale): Promise<Trial[]> {
  const run = async () => [
    ...(await measureBytes(bench, people.few * 20)),
    ...(await measureChallenges(bench)),
    await measureCalls(bench, "password", open.settling * 12),
    await measureCalls(bench, "passkey", open.settling * 12),
  ];
  return [{ name: "sizing", run }];
}
