import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMailbox } from "../../scripts/parts/mailbox.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { answerOf, finishRegistration, problem, startRegistration } from "./support/passkey-world.ts";
import { createPerson, type Person, signUp } from "./support/people.ts";
import { type PostgresPair, startPostgresPair } from "./support/postgres-pair.ts";
import { type RecordingUpstream, startRecordingUpstream, TEST_ID } from "./support/recording-upstream.ts";
import { createSoftwareAuthenticator } from "./support/software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let pair: PostgresPair;
let upstream: RecordingUpstream;
let gateway: RunningGateway;
let database: string;

beforeAll(async () => {
  [pair, upstream] = await Promise.all([startPostgresPair(), startRecordingUpstream()]);
  database = new URL(await createTestDatabase(pair.primary().url("gateway"))).pathname.slice(1);
  gateway = await startGateway({
    env: {
      DATABASE_URL: `${pair.url(database)}?target_session_attrs=read-write`,
      UPSTREAM_URL: upstream.url.href,
      MAX_PASSKEYS_PER_USER: "100",
    },
  });
  await becomesReady();
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
  await pair.stop();
});

const becomesReady = () => readiness(200);
const readiness = (status: number) =>
  waitUntil(async () => expect((await fetch(`${gateway.origin}/health/ready`)).status).toBe(status), {
    what: `a gateway whose readiness is ${status}`,
    timeout: 30_000,
  });

/** Asks the server that is the primary now, past the gateway. */
async function onPrimary<T>(ask: (database: Knex) => PromiseLike<T>): Promise<T> {
  const direct = knex({ client: "pg", connection: pair.primary().url(database) });
  try {
    return await ask(direct);
  } finally {
    await direct.destroy();
  }
}

const storedIds = () =>
  onPrimary(async (db) => {
    const rows: { id: Buffer }[] = await db("credentials").select("id");
    return rows.map(({ id }) => id.toString("base64url"));
  });

const signedUp = async () => {
  const browser = createBrowser(gateway.origin);
  const person = createPerson("failover");
  await signUp(browser, person);
  return { browser, person };
};

const newAuthenticator = () => createSoftwareAuthenticator({ origin: gateway.origin });

/** The statuses of the registrations that somebody makes one after the other, and the ids that were acknowledged. */
type Tries = { readonly statuses: Set<number>; readonly tried: string[]; readonly acknowledged: string[] };

async function registerOnce(browser: TestBrowser, tries: Tries): Promise<void> {
  const started = await answerOf(browser.post("/api/passkeys/register/start"));
  tries.statuses.add(started.status);
  if (started.status !== 200) return;
  const authenticator = newAuthenticator();
  const begun = started.body as Awaited<ReturnType<typeof startRegistration>>;
  const { status } = await finishRegistration(browser, authenticator, begun);
  tries.statuses.add(status);
  tries.tried.push(authenticator.credentialId);
  if (status === 201) tries.acknowledged.push(authenticator.credentialId);
}

test("the primary is killed under registrations: what was acknowledged is there, once, and nothing is half-made", async () => {
  const people = await Promise.all([signedUp(), signedUp(), signedUp()]);
  const runs = people.map(() => ({ statuses: new Set<number>(), tried: [] as string[], acknowledged: [] as string[] }));
  const acknowledged = () => runs.flatMap((run) => run.acknowledged);
  let goesOn = true;
  const working = Promise.all(
    people.map(async ({ browser }, index) => {
      while (goesOn) await registerOnce(browser, runs[index] as Tries);
    }),
  );
  await waitUntil(async () => expect(acknowledged().length).toBeGreaterThan(9), { what: "passkeys", timeout: 30_000 });
  await pair.killPrimary();
  await waitUntil(async () => expect(runs.every(({ statuses }) => statuses.has(503))).toBe(true), {
    what: "an outage that everybody sees",
    timeout: 30_000,
  });
  const before = runs.map((run) => run.acknowledged.length);
  await pair.promote();
  const all = async () => expect(runs.every((run, at) => run.acknowledged.length > (before[at] ?? 0))).toBe(true);
  await waitUntil(all, { what: "everybody to register again", timeout: 30_000 });
  goesOn = false;
  await working;

  expect(new Set(runs.flatMap(({ statuses }) => [...statuses]))).toEqual(new Set([200, 201, 503]));
  const stored = await storedIds();
  expect(stored).toEqual(expect.arrayContaining(acknowledged()));
  expect(runs.flatMap(({ tried }) => tried)).toEqual(expect.arrayContaining(stored));
  const listed = await Promise.all(people.map(({ browser }) => answerOf(browser.fetch("/api/passkeys"))));
  const ids = listed.flatMap(({ body }) => (body.passkeys as { id: string }[]).map(({ id }) => id));
  expect(ids.toSorted()).toEqual(stored.toSorted());
});

async function tokenOf(browser: TestBrowser): Promise<string> {
  const testId = crypto.randomUUID();
  expect((await browser.fetch("/", { headers: { [TEST_ID]: testId } })).status).toBe(200);
  return String(upstream.take(testId)?.headers["x-identity-token"]);
}

const publishedKeys = async () =>
  (await (await fetch(`${gateway.origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet;

/** What the outbox holds of a person's mails, and how often each was tried. */
const mailsOf = ({ email }: Person) =>
  onPrimary(
    async (db): Promise<{ attempts: number; sent: boolean }[]> =>
      db("mail_outbox").where({ recipient: email }).select("attempts", db.raw("sent_at IS NOT NULL AS sent")),
  );

const caughtMailsOf = async ({ email }: Person) =>
  (await createMailbox(inject("stack").mailUrl).list(email)).filter(({ subject }) => /passkey/i.test(subject));

test("in the middle of ceremonies and sessions: sessions go on, a ceremony is finished or refused, each mail goes out once", async () => {
  await pair.addStandby();
  const { browser, person } = await signedUp();
  const first = await createPasskeyFor(browser);
  const byPasskey = createBrowser(gateway.origin);
  expect((await signInWithPasskey(byPasskey, first)).status).toBe(200);
  await waitUntil(async () => expect(await mailsOf(person)).toEqual([{ attempts: 1, sent: true }]), {
    what: "the first passkey's mail",
    timeout: 30_000,
  });
  const [refused, kept] = [await startRegistration(browser), await startRegistration(browser)];
  const [token, keys] = [await tokenOf(byPasskey), await publishedKeys()];

  await pair.killPrimary();
  const lost = newAuthenticator();
  expect(await finishRegistration(browser, lost, refused)).toMatchObject(problem(503, "dependency_unavailable"));
  for (const each of [browser, byPasskey]) {
    expect((await each.fetch("/api/auth/session")).status).toBe(200);
    expect(await tokenOf(each)).not.toBe("undefined");
  }
  await readiness(503);
  await pair.promote();
  await becomesReady();

  const second = newAuthenticator();
  expect(await finishRegistration(browser, second, kept)).toMatchObject({ status: 201 });
  expect((await signInWithPasskey(createBrowser(gateway.origin), first)).status).toBe(200);
  const third = await createPasskeyFor(browser);
  for (const each of [browser, byPasskey]) expect((await each.fetch("/api/auth/session")).status).toBe(200);

  const ids = [first, second, third].map(({ credentialId }) => credentialId);
  const stored = await storedIds();
  expect(stored).not.toContain(lost.credentialId);
  expect(stored.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
  await waitUntil(async () => expect(await mailsOf(person)).toEqual(ids.map(() => ({ attempts: 1, sent: true }))), {
    what: "a mail for each passkey",
    timeout: 30_000,
  });
  expect(await caughtMailsOf(person)).toHaveLength(ids.length);
  expect(await publishedKeys()).toEqual(keys);
  await jwtVerify(token, createLocalJWKSet(keys), { audience: gateway.origin });
  await jwtVerify(await tokenOf(byPasskey), createLocalJWKSet(keys), { audience: gateway.origin });
});

test("the primary hangs and another takes over: its deadline is the outage, and nobody waits for it afterwards", async () => {
  await pair.addStandby();
  const { browser } = await signedUp();
  const hanging = pair.primary().part;
  const before = await createPasskeyFor(browser);
  hanging.pause();
  try {
    const start = answerOf(browser.post("/api/passkeys/register/start"));
    await pair.promote();
    expect(await start).toMatchObject(problem(503, "dependency_unavailable"));
    await becomesReady();
    const after = await createPasskeyFor(browser);
    expect(await storedIds()).toEqual(expect.arrayContaining([before.credentialId, after.credentialId]));
  } finally {
    // It would take writes again: what runs the servers has to see to it that it does not come back as it is.
    await hanging.kill();
  }
});

test("a primary that takes no writes any more: 503, and back without a restart", async () => {
  const { browser } = await signedUp();
  const list = async () => (await browser.fetch("/api/passkeys")).status;
  expect(await list()).toBe(200);
  const setReadOnly = async (change: string) => {
    await pair.primary().sql(`ALTER SYSTEM ${change}`);
    await pair.primary().sql("SELECT pg_reload_conf()");
  };
  await setReadOnly("SET default_transaction_read_only = on");
  const start = () => answerOf(browser.post("/api/passkeys/register/start"));
  await waitUntil(async () => expect(await start()).toMatchObject(problem(503, "dependency_unavailable")), {
    what: "a registration that cannot be kept",
    timeout: 30_000,
  });
  await readiness(503);
  await setReadOnly("RESET default_transaction_read_only");
  await becomesReady();
  expect(await createPasskeyFor(browser)).toBeDefined();
});
