import { pino } from "pino";
import { expect, it } from "vitest";
import { z } from "zod";
import { createRedis, createSubscriber } from "../../src/redis.ts";
import { createMessages } from "../../src/redis-messages.ts";
import type { TestBrowser } from "./browser.ts";
import { answerOf, login, type PasskeyWorld, personWithPasskey, startLogin } from "./passkey-world.ts";
import { redisSettingsOf } from "./redis-settings-of.ts";
import type { RedisShard, RedisTopology } from "./redis-topology.ts";
import { sessionKey } from "./session-key.ts";
import type { SoftwareAuthenticator } from "./software-authenticator.ts";

const silent = pino({ level: "silent" });
const PATIENCE = { timeout: 60_000, interval: 50 };

type Holder = { readonly browser: TestBrowser; readonly authenticator: SoftwareAuthenticator; readonly key: string };

async function signedIn(world: PasskeyWorld): Promise<Holder> {
  const { authenticator } = await personWithPasskey(world);
  const browser = world.browser();
  expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
  return { browser, authenticator, key: sessionKey(browser, world.gateway.config.session) };
}

/** Tries until what was made is kept where it is wanted. */
async function keptAt<T>(make: () => Promise<T>, isThere: (made: T) => boolean): Promise<T> {
  for (;;) {
    const made = await make();
    if (isThere(made)) return made;
  }
}

/** Everything written until now is at the replica: its connection has all of it in order. */
async function isReplicated({ primary }: RedisShard, key: string): Promise<void> {
  await primary.admin.set(`{${key}}:marker`, "");
  expect(await primary.admin.wait(1, 5_000)).toBe(1);
}

/** From now on the replica hears nothing, and goes on as it is. */
async function cutReplication({ replica }: RedisShard): Promise<void> {
  await replica.admin.configSet("masterauth", "another");
  await replica.admin.sendCommand(["CLIENT", "KILL", "TYPE", "master"]);
  await expect.poll(() => replica.admin.info("replication"), PATIENCE).toContain("master_link_status:down");
}

const look = ({ browser }: Pick<Holder, "browser">) => answerOf(browser.fetch("/api/auth/session"));
const statusOf = async (holder: Pick<Holder, "browser">) => (await look(holder)).status;

/** A crash of the server that has somebody's session, with one ceremony under way and another session just ended. */
async function crashMidway(world: PasskeyWorld, { shardOf }: RedisTopology) {
  const ended = await signedIn(world);
  const shard = shardOf(ended.key);
  const isHere = (key: string) => shardOf(key) === shard || shardOf(key).primary === shard.primary;
  const holder = await keptAt(
    () => signedIn(world),
    ({ key }) => isHere(key),
  );
  const underWay = world.browser();
  const ceremony = await keptAt(
    () => startLogin(underWay),
    ({ ceremony_id }) => isHere(`passbridge:challenge:${ceremony_id}`),
  );
  await isReplicated(shard, holder.key);
  await cutReplication(shard);
  const dead = world.browser();
  for (const [name, value] of ended.browser.cookies) dead.cookies.set(name, value);
  expect((await ended.browser.post("/api/auth/logout")).status).toBe(204);
  expect(await look({ browser: dead })).toMatchObject({ status: 200, body: { authenticated: false } });
  // Promoted, this one would bring back who signed out.
  expect(await shard.replica.admin.exists(ended.key)).toBe(1);
  await shard.primary.part.kill();
  return { shard, holder, ended, dead, underWay, ceremony };
}

async function listenTo(topology: RedisTopology) {
  const settings = redisSettingsOf(topology.env);
  const redis = createRedis(settings, silent);
  await redis.connect();
  const messages = createMessages(redis, createSubscriber(settings, silent), silent);
  const told = { listening: 0, heard: [] as number[] };
  messages.onListening(() => {
    told.listening += 1;
  });
  const topic = messages.topic("test:failover", z.number());
  topic.listen((n) => told.heard.push(n));
  await expect.poll(() => told.listening, PATIENCE).toBeGreaterThan(0);
  const announce = () => topic.announce(1).then(() => told.heard.length, String);
  const first = told.listening;
  return {
    /** How often it was said since that more may have been missed. */
    missed: () => told.listening - first,
    announce,
    close: async () => {
      messages.close();
      await redis.close();
    },
  };
}

/** What people and replicas see when a server fails. @param everyListenerLoses whether all listen at the one that fails. */
export function itSurvivesFailover(
  world: () => PasskeyWorld,
  topology: () => RedisTopology,
  everyListenerLoses: boolean,
): void {
  it("nobody is signed out by a failover, ceremonies go on, and whoever signed out stays so", async () => {
    const listener = await listenTo(topology());
    const { shard, holder, ended, dead, underWay, ceremony } = await crashMidway(world(), topology());
    const before = [...holder.browser.cookies];
    const seen: number[] = [];
    const seesNow = async () => {
      seen.push(await statusOf(holder));
      return seen.at(-1);
    };
    // At first what is kept in memory may still answer.
    await expect.poll(seesNow, PATIENCE).toBe(503);
    await expect.poll(seesNow, PATIENCE).toBe(200);
    expect(new Set(seen)).toEqual(new Set([503, 200]));
    expect([...holder.browser.cookies]).toEqual(before);
    expect(await look(holder)).toMatchObject({ body: { authenticated: true } });

    // The promoted server has the session no more: what was deleted was deleted there again, before anything was read.
    expect(await look({ browser: dead })).toMatchObject({ status: 200, body: { authenticated: false } });
    expect(await shard.replica.admin.exists(ended.key)).toBe(0);

    const credential = holder.authenticator.authenticate(ceremony.options);
    const finish = underWay.post("/api/passkeys/login/finish", { ceremony_id: ceremony.ceremony_id, credential });
    expect((await finish).status).toBe(200);
    expect(await look({ browser: underWay })).toMatchObject({ body: { authenticated: true } });

    await expect.poll(listener.announce, PATIENCE).toBeGreaterThan(0);
    if (everyListenerLoses) expect(listener.missed()).toBeGreaterThan(0);
    await listener.close();

    const after = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const somebody = await signedIn(world());
        return [await statusOf(somebody), await statusOf(holder)];
      }),
    );
    expect(new Set(after.flat())).toEqual(new Set([200]));
  });
}
