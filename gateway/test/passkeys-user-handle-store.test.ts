import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, migrateDown, migrateLatest } from "../src/database.ts";
import { OutageError } from "../src/errors.ts";
import { type CredentialStore, createPostgresCredentialStore } from "../src/passkeys/credential-store.ts";
import { createPostgresUserHandleStore, type UserHandleStore } from "../src/passkeys/user-handle-store.ts";
import {
  identityWith as identityIn,
  type PasskeyServers,
  someCredential,
  startPasskeyServers,
  times,
} from "./support/passkey-stores.ts";

let servers: PasskeyServers;
let credentials: CredentialStore;
let userHandles: UserHandleStore;
const identityWith = (count: number) => identityIn(servers, count);

beforeAll(async () => {
  servers = await startPasskeyServers();
  credentials = createPostgresCredentialStore(servers.knex);
  userHandles = createPostgresUserHandleStore(servers.knex, () => new Date());
});
afterAll(() => servers.stop());

test("makes one handle of 64 bytes an identity, for ever", async () => {
  const identityId = randomUUID();
  const handle = await userHandles.handleOf(identityId);
  expect(Buffer.from(handle, "base64url")).toHaveLength(64);
  expect(await userHandles.handleOf(identityId)).toBe(handle);
  expect(await userHandles.handleOf(randomUUID())).not.toBe(handle);
});

test("many makers of one handle agree", async () => {
  const identityId = randomUUID();
  const handles = await times(12, () => userHandles.handleOf(identityId));
  expect(new Set(handles).size).toBe(1);
});

test("the migrations go back and forth", async () => {
  const url = await servers.stack.createDatabase("back_and_forth");
  const knex = createDatabase(url);
  try {
    const applied = await migrateLatest(knex);
    for (const _name of applied) await migrateDown(knex);
    expect(await knex.schema.hasTable("user_handles")).toBe(false);
    expect(await migrateLatest(knex)).toEqual(applied);
    expect(await knex.schema.hasTable("credentials")).toBe(true);
  } finally {
    await knex.destroy();
  }
});

test("PostgreSQL away is an outage, and passes", async () => {
  const { identityId } = await identityWith(1);
  await servers.stack.postgres.stop();
  for (const call of [
    () => credentials.listOf(identityId),
    () => credentials.add(someCredential({ identityId }), 20),
    () => userHandles.handleOf(identityId),
  ]) {
    await expect(call()).rejects.toMatchObject({ dependency: "postgres", code: "dependency_unavailable" });
  }
  await servers.stack.postgres.start();
  // Nobody's question is the one that finds out.
  await expect.poll(() => credentials.countOf(identityId), { timeout: 20_000 }).toBe(1);
});

test("a wrong question is no outage", async () => {
  await expect(credentials.listOf("not a uuid")).rejects.not.toBeInstanceOf(OutageError);
});
