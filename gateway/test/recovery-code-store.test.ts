import { randomBytes, randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../src/database.ts";
import { createPostgresUserHandleStore } from "../src/passkeys/user-handle-store.ts";
import { createPostgresRecoveryCodeStore, type RecoveryCodeStore } from "../src/recovery/recovery-code-store.ts";
import { newHashParameters } from "../src/recovery/slow-hash.ts";
import { times } from "./support/passkey-stores.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

let knex: Knex;
let store: RecoveryCodeStore;
beforeAll(async () => {
  knex = createDatabase(await createTestDatabase());
  store = createPostgresRecoveryCodeStore(knex);
});
afterAll(() => knex.destroy());

const NOW = new Date("2026-03-04T05:06:07.890Z");
const hashes = (count = 10) => Array.from({ length: count }, () => randomBytes(32));
const newSet = () => ({ createdAt: NOW, parameters: newHashParameters() });

async function identityWithCodes() {
  const [identityId, set, made] = [randomUUID(), newSet(), hashes()];
  await createPostgresUserHandleStore(knex, () => NOW).handleOf(identityId);
  expect(await store.replace(identityId, set, made)).toBe(true);
  return { identityId, set, made };
}

describe("recovery codes in PostgreSQL", () => {
  it("are kept with the parameters they were hashed with", async () => {
    const { identityId, set } = await identityWithCodes();
    expect(await store.findSet(identityId)).toEqual(set);
    expect(await store.remainingOf(identityId)).toBe(10);
    const nobody = randomUUID();
    expect(await store.findSet(nobody)).toBeNull();
    expect(await store.remainingOf(nobody)).toBe(0);
  });

  it("are each spent once, by their owner, whoever is first", async () => {
    const { identityId, made } = await identityWithCodes();
    const other = await identityWithCodes();
    const [code = Buffer.alloc(32)] = made;
    expect(await store.spend(other.identityId, code, NOW)).toBe(false);
    expect(await store.spend(identityId, randomBytes(32), NOW)).toBe(false);
    const spent = await times(10, () => store.spend(identityId, code, NOW));
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await store.remainingOf(identityId)).toBe(9);
    expect(await store.remainingOf(other.identityId)).toBe(10);
  });

  it("are good again when they are given back, by who spent them alone", async () => {
    const { identityId, made } = await identityWithCodes();
    const [code = Buffer.alloc(32)] = made;
    await store.spend(identityId, code, NOW);
    await store.giveBack(identityId, code, new Date(NOW.getTime() + 1));
    expect(await store.remainingOf(identityId)).toBe(9);
    await store.giveBack(identityId, code, NOW);
    expect(await store.remainingOf(identityId)).toBe(10);
    expect(await store.spend(identityId, code, NOW)).toBe(true);
  });

  it("are replaced as a set: used and unused ones are void", async () => {
    const { identityId, made } = await identityWithCodes();
    await store.spend(identityId, made[0] ?? Buffer.alloc(32), NOW);
    const next = { ...newSet(), createdAt: new Date(NOW.getTime() + 1) };
    await store.replace(identityId, next, hashes());
    expect(await store.findSet(identityId)).toEqual(next);
    expect(await store.remainingOf(identityId)).toBe(10);
    for (const hash of made) expect(await store.spend(identityId, hash, NOW)).toBe(false);
  });

  it("of several replacements at once one stays, whole", async () => {
    const { identityId } = await identityWithCodes();
    const sets = Array.from({ length: 8 }, () => ({ set: newSet(), made: hashes() }));
    await Promise.all(sets.map(({ set, made }) => store.replace(identityId, set, made)));
    const kept = await store.findSet(identityId);
    const winner = sets.find(({ set }) => kept?.parameters.salt.equals(set.parameters.salt));
    expect(await store.remainingOf(identityId)).toBe(10);
    for (const hash of winner?.made ?? []) expect(await store.spend(identityId, hash, NOW)).toBe(true);
    expect(await store.remainingOf(identityId)).toBe(0);
  });

  it("stay as they were when a replacement fails half-way", async () => {
    const { identityId, set } = await identityWithCodes();
    await expect(store.replace(identityId, newSet(), [randomBytes(32), randomBytes(31)])).rejects.toThrow();
    expect(await store.findSet(identityId)).toEqual(set);
    expect(await store.remainingOf(identityId)).toBe(10);
  });

  it("go with their owner's user handle, and there are none without one", async () => {
    const { identityId, made } = await identityWithCodes();
    await knex("user_handles").where({ identity_id: identityId }).delete();
    expect(await store.findSet(identityId)).toBeNull();
    expect(await store.spend(identityId, made[0] ?? Buffer.alloc(32), NOW)).toBe(false);
    expect(await knex("recovery_codes").where({ identity_id: identityId })).toEqual([]);
    expect(await store.replace(identityId, newSet(), hashes())).toBe(false);
    expect(await store.findSet(identityId)).toBeNull();
  });

  it.each([
    ["a short salt", { salt: randomBytes(8) }],
    ["a cost that is no power of two", { cost: 1000 }],
    ["no blocks", { block_size: 0 }],
    ["too much in parallel", { parallelization: 17 }],
    ["no time", { created_at: null }],
  ])("the schema refuses %s", async (_what, fault) => {
    const identityId = randomUUID();
    await createPostgresUserHandleStore(knex, () => NOW).handleOf(identityId);
    const row = { salt: randomBytes(16), cost: 32_768, block_size: 8, parallelization: 1, created_at: NOW };
    const insert = knex("recovery_code_sets").insert({ identity_id: identityId, ...row, ...fault });
    await expect(insert).rejects.toThrow(/constraint/);
  });
});
