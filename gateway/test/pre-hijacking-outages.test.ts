import knex, { type Knex } from "knex";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { codeIn, createMailbox, type Mailbox } from "../../scripts/parts/mailbox.ts";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { OutageError } from "../src/errors.ts";
import type { KratosClient } from "../src/kratos/kratos-client.ts";
import { createOryKratosClient } from "../src/kratos/ory-kratos-client.ts";
import {
  addressVerified,
  askForCode,
  enterCode,
  openLink,
  signUpWithPasskey,
  verificationMail,
} from "./support/address-owner.ts";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, recover, signIn, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const MINUTE = 60_000;

let stores: TestStack;
let gateway: RunningGateway;
let mailbox: Mailbox;
let database: Knex;
let ahead = 0;
/** Calls of the admin API that fail, as if Kratos went away in the middle. */
const broken = new Set<keyof KratosClient>();

function fragile(real: KratosClient): KratosClient {
  return new Proxy(real, {
    get: (client, name: keyof KratosClient) =>
      broken.has(name) ? async () => Promise.reject(new OutageError("kratos", new Error("away"))) : client[name],
  });
}

beforeAll(async () => {
  stores = await startTestStack({ parts: ["postgres", "redis"] });
  const shared = inject("stack");
  mailbox = createMailbox(shared.mailUrl);
  const kratos = createOryKratosClient({
    publicUrl: new URL(shared.kratosPublicUrl),
    adminUrl: new URL(shared.kratosAdminUrl),
    timeout: 3_000,
    sessionCacheTtl: 0,
    identityCacheTtl: 0,
  });
  const databaseUrl = await createTestDatabase(stores.databaseUrl);
  database = knex({ client: "pg", connection: databaseUrl, pool: { min: 0, max: 1 } });
  gateway = await startGateway({
    stack: { ...shared, databaseUrl, redisUrl: stores.redisUrl },
    env: { KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" },
    overrides: { kratos: fragile(kratos), clock: () => new Date(Date.now() + ahead) },
  });
});
afterAll(async () => {
  await gateway.stop();
  await database.destroy();
  await stores.stop();
});

const browser = () => createBrowser(gateway.origin);
const statusOf = async (pending: Promise<Response>) => (await pending).status;

/** What the owner of the address needs to prove it. */
async function ownerOf(email: string) {
  const mail = await verificationMail(mailbox, email);
  const owner = browser();
  const page = await openLink(owner, mail);
  return { prove: () => enterCode(owner, page, codeIn(mail)) };
}

async function squat() {
  const { email } = createPerson("victim");
  const attacker = browser();
  const { authenticator } = await signUpWithPasskey(attacker, email);
  return { email, attacker, authenticator, ...(await ownerOf(email)) };
}

test("without Postgres the code is not handed to Kratos, and works afterwards", async () => {
  const { attacker, authenticator, prove } = await squat();
  await stores.postgres.stop();
  try {
    expect(await statusOf(prove())).toBe(503);
    expect(await addressVerified(attacker)).toBe(false);
  } finally {
    await stores.postgres.start();
  }
  await expect.poll(() => statusOf(prove()), { timeout: 15_000 }).toBe(200);
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
});

test("without Redis neither, and when it forgot everything a new code clears all the same", async () => {
  const { email, authenticator, prove } = await squat();
  const first = await verificationMail(mailbox, email);
  await stores.redis.stop();
  try {
    expect(await statusOf(prove())).toBe(503);
  } finally {
    await stores.redis.start();
  }
  await expect.poll(() => statusOf(prove()), { timeout: 15_000 }).toBe(404);
  const owner = browser();
  const page = await askForCode(owner, email);
  const mail = await verificationMail(mailbox, email, first);
  expect(await statusOf(enterCode(owner, page, codeIn(mail)))).toBe(200);
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
});

test("proved, but not cleared: the passkey is refused from then on", async () => {
  const { authenticator, prove } = await squat();
  broken.add("findIdentity");
  try {
    expect(await statusOf(prove())).toBe(503);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(503);
  } finally {
    broken.clear();
  }
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
});

test("proved, but not cleared: what is left is cleared later, by itself", async () => {
  const person = createPerson("victim");
  const attacker = browser();
  await signUp(attacker, person);
  const authenticator = await createPasskeyFor(attacker);
  const { prove } = await ownerOf(person.email);
  broken.add("removePassword");
  try {
    expect(await statusOf(prove())).toBe(503);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
  } finally {
    broken.clear();
  }
  ahead += 2 * MINUTE;
  await expect.poll(() => addressVerified(attacker), { timeout: 20_000 }).toBeNull();
  await expect(signIn(browser(), person)).rejects.toThrow("400");
});

test("proved by its owner's own browser, but not noted: the passkey is kept", async () => {
  const { email } = createPerson("ann");
  const ann = browser();
  const { authenticator, page } = await signUpWithPasskey(ann, email);
  const code = codeIn(await verificationMail(mailbox, email));
  broken.add("findIdentity");
  try {
    expect(await statusOf(enterCode(ann, page, code))).toBe(503);
  } finally {
    broken.clear();
  }
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
  ahead += 2 * MINUTE;
  const left = async () => (await database("address_proofs").select("id")).length;
  await expect.poll(left, { timeout: 20_000 }).toBe(0);
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
});

test("a sign-up whose passkey cannot be stored leaves no account, and can be repeated", async () => {
  const { email } = createPerson("ann");
  await stores.postgres.stop();
  try {
    await expect(signUpWithPasskey(browser(), email)).rejects.toThrow("503");
  } finally {
    await stores.postgres.start();
  }
  const again = () =>
    signUpWithPasskey(browser(), email).then(
      () => "made",
      (error: Error) => error.message,
    );
  await expect.poll(again, { timeout: 15_000 }).toBe("made");
});

test("a sign-up that could neither be finished nor taken back is opened by the recovery mail", async () => {
  const { email } = createPerson("ann");
  await stores.postgres.stop();
  broken.add("deleteIdentity");
  try {
    await expect(signUpWithPasskey(browser(), email)).rejects.toThrow("503");
  } finally {
    broken.clear();
    await stores.postgres.start();
  }
  const again = () =>
    signUpWithPasskey(browser(), email).then(
      () => "made",
      (error: Error) => error.message,
    );
  await expect.poll(again, { timeout: 15_000 }).toContain("account_exists");
  const ann = browser();
  await recover(ann, email, mailbox);
  expect(await statusOf(signInWithPasskey(browser(), await createPasskeyFor(ann)))).toBe(200);
});

test("without a mail the sign-up stands, and the mail can be asked for later", async () => {
  const { email } = createPerson("ann");
  const ann = browser();
  broken.add("sendVerification");
  try {
    expect((await signUpWithPasskey(ann, email)).page).toBe("");
  } finally {
    broken.clear();
  }
  expect(await addressVerified(ann)).toBe(false);
});
