import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OutageError } from "../src/errors.ts";
import { randomToken } from "../src/passkeys/ceremony.ts";
import { type ChallengeRecord, createRedisChallengeStore } from "../src/passkeys/challenge-store.ts";
import { type PasskeyServers, startPasskeyServers, times } from "./support/passkey-stores.ts";

let servers: PasskeyServers;
beforeAll(async () => {
  servers = await startPasskeyServers();
});
afterAll(() => servers.stop());

const record: ChallengeRecord = {
  kind: "registration",
  challenge: randomToken(),
  browserHash: randomToken(),
  identityId: randomUUID(),
  sessionIds: ["one", "two"],
  userVerification: "required",
  userPresence: true,
};
const store = (ttl = 60_000) => createRedisChallengeStore(servers.redis, ttl);

test("hands a record out once", async () => {
  const id = randomToken();
  await store().put(id, record);
  expect(await store().take(id)).toEqual(record);
  expect(await store().take(id)).toBeNull();
});

test("of many takers one gets it", async () => {
  const id = randomToken();
  await store().put(id, record);
  const taken = await times(10, () => store().take(id));
  expect(taken.filter(Boolean)).toEqual([record]);
});

test("keeps several at once", async () => {
  const ids = [randomToken(), randomToken()];
  for (const challenge of ids) await store().put(challenge, { ...record, challenge });
  for (const challenge of ids) expect(await store().take(challenge)).toMatchObject({ challenge });
});

test("lets a record expire with its time", async () => {
  const id = randomToken();
  await store(60_000).put(id, record);
  expect(await servers.redis.pTTL(`passbridge:challenge:${id}`)).toBeGreaterThan(50_000);
  await store(30).put(id, record);
  await expect.poll(() => servers.redis.exists(`passbridge:challenge:${id}`), { timeout: 5_000 }).toBe(0);
  expect(await store().take(id)).toBeNull();
});

test("reads a record of another shape as none", async () => {
  const id = randomToken();
  for (const text of ["{", "null", '{"kind":"registration"}', JSON.stringify({ ...record, kind: "signup" })]) {
    await servers.redis.set(`passbridge:challenge:${id}`, text);
    expect(await store().take(id)).toBeNull();
  }
});

test("Redis away is an outage, and passes", async () => {
  await servers.stack.redis.stop();
  await expect(store().take(randomToken())).rejects.toMatchObject({
    dependency: "redis",
    code: "dependency_unavailable",
  });
  await servers.stack.redis.start();
  await expect
    .poll(
      () =>
        store()
          .take(randomToken())
          .catch(() => "away"),
      { timeout: 10_000 },
    )
    .toBeNull();
});

test("a wrong question is no outage", async () => {
  const id = randomToken();
  await servers.redis.lPush(`passbridge:challenge:${id}`, "x");
  await expect(store().take(id)).rejects.not.toBeInstanceOf(OutageError);
});
