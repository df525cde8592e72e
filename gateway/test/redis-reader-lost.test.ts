import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { isSignedIn, isSignedOut, openEventSource } from "./support/event-source.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { freePorts, type RedisProcess, startRedisProcess } from "./support/redis-process.ts";
import { type Replicas, startReplicas } from "./support/replicas.ts";
import { sessionKey } from "./support/session-key.ts";

const folder = mkdtempSync(join(tmpdir(), "passbridge-redis-"));
let redis: RedisProcess;
let replicas: Replicas;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  redis = await startRedisProcess(port, { folder, password: "", lines: [["save", '""']] });
  // Kept for long: what is known sooner than after a minute was told.
  const env = { REDIS_URL: `redis://127.0.0.1:${port}`, IDENTITY_CACHE_TTL: "60s", PASSKEY_SESSION_CACHE_TTL: "60s" };
  replicas = await startReplicas({ env });
});
afterAll(async () => {
  await replicas.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The connections over which sessions are read: Redis pushes to them what changes. */
async function readersOf(server: RedisProcess): Promise<number[]> {
  const list = String(await server.admin.sendCommand(["CLIENT", "LIST"]));
  const readers = list.split("\n").filter((line) => /\bflags=\w*t/.test(line));
  return readers.map((line) => Number(/\bid=(\d+)/.exec(line)?.[1]));
}

it("what ended while no session could be read is told and closed as soon as one can", async () => {
  const own = createBrowser(replicas.here.origin);
  await signUp(own, createPerson());
  const authenticator = await createPasskeyFor(own);
  const browser = createBrowser(replicas.here.origin);
  await signInWithPasskey(browser, authenticator);
  const socket = await replicas.openSocket(browser);
  const source = openEventSource(browser);
  await source.told(isSignedIn);
  const closed = once(socket, "close");

  const readers = await readersOf(redis);
  expect(readers).toHaveLength(2);
  // At once, so that none of them hears of it.
  const atOnce = redis.admin.multi();
  for (const reader of readers) atOnce.addCommand(["CLIENT", "KILL", "ID", String(reader)]);
  await atOnce.del(sessionKey(browser, replicas.here.config.session)).exec();
  await Promise.all([closed, source.told(isSignedOut)]);
  source.close();
});
