import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomToken } from "../src/passkeys/ceremony.ts";
import { type CredentialStore, createPostgresCredentialStore } from "../src/passkeys/credential-store.ts";
import { createPostgresPasskeySettingsStore } from "../src/passkeys/passkey-settings-store.ts";
import { createPostgresUserHandleStore } from "../src/passkeys/user-handle-store.ts";
import {
  identityWith as identityIn,
  type PasskeyServers,
  someCredential,
  startPasskeyServers,
  times,
} from "./support/passkey-stores.ts";

const FROM = { userAgent: "Firefox", ip: "2001:db8::1" };

let servers: PasskeyServers;
let credentials: CredentialStore;
const identityWith = (count: number) => identityIn(servers, count);

beforeAll(async () => {
  servers = await startPasskeyServers();
  credentials = createPostgresCredentialStore(servers.knex);
});
afterAll(() => servers.stop());

test("gives back what was added", async () => {
  const { identityId } = await identityWith(0);
  const credential = someCredential({ identityId, counter: 4_294_967_295, name: "Ключ 🔑", transports: [] });
  expect(await credentials.add(credential, 20)).toBe("added");
  const found = await credentials.find(credential.id);
  expect(found).toEqual({ ...credential, publicKey: Buffer.from(credential.publicKey) });
  expect(await credentials.find(randomToken())).toBeNull();
});

test("finds for a sign-in whose a credential is, and whether they may use it", async () => {
  const { identityId, owned } = await identityWith(1);
  const [credential] = owned;
  const settings = createPostgresPasskeySettingsStore(servers.knex);
  const userHandle = await createPostgresUserHandleStore(servers.knex, () => new Date()).handleOf(identityId);
  const find = () => credentials.findForSignIn(credential?.id ?? "");
  expect(await find()).toEqual({ credential: await credentials.find(credential?.id ?? ""), userHandle, enabled: true });
  await settings.change(identityId, { enabled: false });
  expect(await find()).toMatchObject({ userHandle, enabled: false });
  await settings.change(identityId, { enabled: true });
  expect(await find()).toMatchObject({ enabled: true });
  expect(await credentials.findForSignIn(randomToken())).toBeNull();
});

test("lists and counts one identity's, oldest first", async () => {
  const { identityId, owned } = await identityWith(3);
  await identityWith(1);
  expect((await credentials.listOf(identityId)).map(({ id }) => id)).toEqual(owned.map(({ id }) => id));
  expect(await credentials.countOf(identityId)).toBe(3);
  expect(await credentials.countOf(randomUUID())).toBe(0);
});

test("keeps a credential id unique over all identities, also in a race", async () => {
  const owners = await times(8, () => identityWith(0));
  const id = randomToken();
  const outcomes = await Promise.all(
    owners.map(({ identityId }) => credentials.add(someCredential({ id, identityId }), 20)),
  );
  expect(outcomes.toSorted()).toEqual(["added", ...Array(7).fill("exists")]);
});

test("holds the limit in a race", async () => {
  const { identityId } = await identityWith(1);
  const outcomes = await times(8, () => credentials.add(someCredential({ identityId }), 3));
  expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === "limit_reached")).toHaveLength(6);
  expect(await credentials.countOf(identityId)).toBe(3);
});

test("adds nothing for an identity without a user handle", async () => {
  expect(await credentials.add(someCredential(), 20)).toBe("owner_unknown");
});

test("lets a counter only rise, or stay 0", async () => {
  const { owned } = await identityWith(1);
  const id = owned[0]?.id ?? "";
  const use = (counter: number) =>
    credentials.recordUse(id, { counter, backedUp: false, usedAt: new Date(), from: FROM });
  expect([await use(0), await use(0), await use(5), await use(5), await use(4), await use(0), await use(6)]).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    true,
  ]);
  expect(
    await credentials.recordUse(randomToken(), { counter: 1, backedUp: false, usedAt: new Date(), from: FROM }),
  ).toBe(false);
});

test("of assertions with one counter one passes", async () => {
  const { owned } = await identityWith(1);
  const id = owned[0]?.id ?? "";
  const outcomes = await times(10, () =>
    credentials.recordUse(id, { counter: 9, backedUp: true, usedAt: new Date(), from: FROM }),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(1);
});

test("records a use and its place, and its time never goes back", async () => {
  const { owned } = await identityWith(1);
  const id = owned[0]?.id ?? "";
  const late = new Date("2026-05-01T00:00:00Z");
  await credentials.recordUse(id, { counter: 1, backedUp: false, usedAt: late, from: FROM });
  const early = { usedAt: new Date("2026-04-01T00:00:00Z"), from: { userAgent: "Other", ip: "192.0.2.1" } };
  await credentials.recordUse(id, { counter: 2, backedUp: false, ...early });
  expect(await credentials.find(id)).toMatchObject({
    counter: 2,
    backedUp: false,
    lastUsedAt: late,
    lastUsedFrom: FROM,
  });
  await credentials.recordUse(id, { counter: 3, backedUp: false, usedAt: late, from: { userAgent: null, ip: null } });
  expect(await credentials.find(id)).toMatchObject({ counter: 3, lastUsedAt: late, lastUsedFrom: null });
});

test("renames and removes the owner's alone", async () => {
  const { identityId, owned } = await identityWith(2);
  const id = owned[0]?.id ?? "";
  expect(await credentials.rename(randomUUID(), id, "mine")).toBeNull();
  expect(await credentials.rename(identityId, id, "mine")).toMatchObject({ id, name: "mine" });
  expect(await credentials.remove(randomUUID(), id, { keepLast: false })).toBe("unknown");
  expect(await credentials.remove(identityId, id, { keepLast: true })).toBe("removed");
  expect(await credentials.remove(identityId, id, { keepLast: true })).toBe("unknown");
});

test("keeps the last one, also in a race, unless told otherwise", async () => {
  const { identityId, owned } = await identityWith(4);
  const outcomes = await Promise.all(owned.map(({ id }) => credentials.remove(identityId, id, { keepLast: true })));
  expect(outcomes.toSorted()).toEqual(["last", "removed", "removed", "removed"]);
  const [left] = await credentials.listOf(identityId);
  expect(await credentials.remove(identityId, left?.id ?? "", { keepLast: false })).toBe("removed");
});

test.each([
  ["an unknown algorithm", { algorithm: -35 }],
  ["a counter over 32 bits", { counter: 2 ** 32 }],
  ["an id over 1023 bytes", { id: Buffer.alloc(1024).toString("base64url") }],
  ["an empty name", { name: "" }],
  ["a name over 100 characters", { name: "x".repeat(101) }],
  ["a backup of what cannot be backed up", { deviceType: "single_device", backedUp: true }],
  ["an empty key", { publicKey: Buffer.alloc(0) }],
  ["a place without a use", { lastUsedFrom: FROM }],
  ["an overlong browser", { lastUsedAt: new Date(0), lastUsedFrom: { userAgent: "x".repeat(513), ip: null } }],
] as const)("the table itself refuses %s", async (_what, changes) => {
  const { identityId } = await identityWith(0);
  await expect(credentials.add(someCredential({ identityId, ...changes }), 20)).rejects.toMatchObject({
    code: "23514",
  });
});
