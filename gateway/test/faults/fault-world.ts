import knex, { type Knex } from "knex";
import { createClient } from "redis";
import { inject } from "vitest";
import { SESSION_PREFIX } from "../../src/sessions/passkey-session.ts";
import { createBrowser, type TestBrowser } from "../support/browser.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import type { SharedStack } from "../support/global-setup.ts";
import { startLoopbackServer } from "../support/loopback-server.ts";
import { createPasskeyFor, signInWithPasskey } from "../support/passkey-steps.ts";
import { createPerson, type Person, signIn, signUp } from "../support/people.ts";
import type { SoftwareAuthenticator } from "../support/software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "../support/start-gateway.ts";

/** Somebody with a password, passkeys and recovery codes. */
export type Account = {
  readonly id: string;
  readonly person: Person;
  readonly authenticator: SoftwareAuthenticator;
  /** Passkeys beside the authenticator's, to be removed. */
  readonly spare: string[];
  readonly codes: string[];
};

export type Accounts = Readonly<Record<"passkey" | "password" | "both", Account>>;

/** What an account has, by the stores themselves. */
export type Holdings = { readonly credentials: number; readonly codes: number; readonly sessions: number };

/** Every way between the gateway and its parts. */
export type Ways = Readonly<
  Record<"kratosPublic" | "kratosAdmin" | "redis" | "postgres" | "smtp" | "upstream", FaultProxy>
>;

/** A gateway each of whose parts can be given faults, with people who use it. */
export type FaultWorld = {
  readonly gateway: RunningGateway;
  readonly ways: Ways;
  readonly accounts: Accounts;
  readonly browser: () => TestBrowser;
  readonly database: Knex;
  /** A browser that holds what this person's does. */
  readonly enter: (who: keyof Accounts) => Promise<TestBrowser>;
  readonly holdingsOf: (account: Account) => Promise<Holdings>;
  readonly stop: () => Promise<void>;
};

async function startWays(stack: SharedStack, databaseUrl: string, application: URL): Promise<Ways> {
  const [kratosPublic, kratosAdmin, redis, postgres, smtp, upstream] = await Promise.all([
    startFaultProxy(stack.kratosPublicUrl),
    startFaultProxy(stack.kratosAdminUrl),
    startFaultProxy(stack.redisUrl),
    startFaultProxy(databaseUrl),
    startFaultProxy(stack.smtpUrl),
    startFaultProxy(application.href),
  ]);
  return { kratosPublic, kratosAdmin, redis, postgres, smtp, upstream };
}

const settings = (ways: Ways) => ({
  DATABASE_URL: ways.postgres.url,
  REDIS_URL: ways.redis.url,
  KRATOS_PUBLIC_URL: ways.kratosPublic.url,
  KRATOS_ADMIN_URL: ways.kratosAdmin.url,
  SMTP_URL: ways.smtp.url,
  UPSTREAM_URL: ways.upstream.url,
  UPSTREAM_TIMEOUT: "3s",
  // Everything is asked for anew: what is kept close would hide the faults.
  PASSKEY_SESSION_CACHE_TTL: "0",
  KRATOS_SESSION_CACHE_TTL: "0",
  IDENTITY_CACHE_TTL: "0",
  TRUSTED_PROXIES: "127.0.0.1/32,::1/128",
});

async function createAccount(browser: TestBrowser, name: string): Promise<Account> {
  const person = createPerson(name);
  await signUp(browser, person);
  const authenticator = await createPasskeyFor(browser);
  const spare = [(await createPasskeyFor(browser)).credentialId];
  const { codes } = (await (await browser.post("/api/recovery-codes")).json()) as { codes: string[] };
  const session = await (await browser.fetch("/api/auth/session")).json();
  const { id } = (session as { identity: { id: string } }).identity;
  return { id, person, authenticator, spare, codes };
}

async function enter(browser: TestBrowser, { person, authenticator }: Account, who: keyof Accounts) {
  if (who !== "passkey") await signIn(browser, person);
  if (who === "password") return browser;
  const answer = await signInWithPasskey(browser, authenticator);
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return browser;
}

const connectRedis = (url: string) => createClient({ url }).connect();

function createCounts(database: Knex, redis: Awaited<ReturnType<typeof connectRedis>>): FaultWorld["holdingsOf"] {
  const rows = async (table: string, where: object) => Number((await database(table).where(where).count())[0]?.count);
  const sessionsOf = async (id: string) => {
    let found = 0;
    for await (const keys of redis.scanIterator({ MATCH: `${SESSION_PREFIX}*`, COUNT: 1_000 })) {
      // A scan has empty steps as well.
      if (keys.length === 0) continue;
      for (const json of await redis.mGet(keys)) if (json?.includes(id)) found += 1;
    }
    return found;
  };
  return async ({ id }) => ({
    credentials: await rows("credentials", { identity_id: id }),
    codes: await rows("recovery_codes", { identity_id: id, used_at: null }),
    sessions: await sessionsOf(id),
  });
}

/**
 * @param own servers in the place of those all tests share.
 * @param prepare is told the URL of the gateway's database before anybody uses it.
 */
export async function createFaultWorld(
  own: Partial<SharedStack> = {},
  prepare: (databaseUrl: string) => Promise<void> = async () => undefined,
): Promise<FaultWorld> {
  const stack = { ...inject("stack"), ...own };
  const application = await startLoopbackServer((_request, response) => response.end("the application"));
  const databaseUrl = await createTestDatabase(stack.databaseUrl);
  await prepare(databaseUrl);
  const ways = await startWays(stack, databaseUrl, application.url);
  const gateway = await startGateway({ stack, env: settings(ways) });
  const database = knex({ client: "pg", connection: databaseUrl, pool: { min: 0, max: 2 } });
  const redis = await connectRedis(stack.redisUrl);
  const browser = () => createBrowser(gateway.origin);
  const [passkey, password, both] = await Promise.all(
    ["passkey", "password", "both"].map((name) => createAccount(browser(), name)),
  );
  if (!passkey || !password || !both) throw new Error("there are three of them");
  const accounts = { passkey, password, both };
  return {
    gateway,
    ways,
    accounts,
    browser,
    database,
    enter: (who) => enter(browser(), accounts[who], who),
    holdingsOf: createCounts(database, redis),
    stop: async () => {
      for (const way of Object.values(ways)) way.heal();
      await gateway.stop();
      for (const way of Object.values(ways)) way.stop();
      await database.destroy();
      redis.destroy();
      application.close();
    },
  };
}
