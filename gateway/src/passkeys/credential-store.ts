import type { Knex } from "knex";
import { z } from "zod";
import { askPostgres } from "../postgres-errors.ts";
import type { Credential, PlaceOfUse } from "./credential.ts";
import { fromRow, idBytes, toRow } from "./credential-row.ts";

export type CredentialUse = {
  readonly counter: number;
  readonly backedUp: boolean;
  readonly usedAt: Date;
  readonly from: PlaceOfUse;
};

export type Addition = "added" | "exists" | "limit_reached" | "owner_unknown";
export type Removal = "removed" | "unknown" | "last";

/** A credential with what a sign-in by it depends on. */
export type SignInCredential = {
  readonly credential: Credential;
  /** Its owner's, in base64url. */
  readonly userHandle: string;
  /** Whether its owner may use passkeys. */
  readonly enabled: boolean;
};

/** The credentials of all identities. Every call throws OutageError when the store cannot be asked. */
export type CredentialStore = {
  readonly find: (id: string) => Promise<Credential | null>;
  /** In one question: a sign-in is waited for. */
  readonly findForSignIn: (id: string) => Promise<SignInCredential | null>;
  /** Oldest first. */
  readonly listOf: (identityId: string) => Promise<readonly Credential[]>;
  readonly countOf: (identityId: string) => Promise<number>;
  /** Adds a credential unless its id is taken, by anyone, or its owner has `limit` already or no user handle. */
  readonly add: (credential: Credential, limit: number) => Promise<Addition>;
  /** Records an assertion if its counter is above the stored one, or both are 0. False: it is not, or the row is gone. */
  readonly recordUse: (id: string, use: CredentialUse) => Promise<boolean>;
  /** The identity's address was proved where its owner is signed in: its credentials are the owner's. */
  readonly markAddressProved: (identityId: string) => Promise<void>;
  /** Null when the identity has no such credential. */
  readonly rename: (identityId: string, id: string, name: string) => Promise<Credential | null>;
  /** Removes a credential; with `keepLast` not the identity's only one. */
  readonly remove: (identityId: string, id: string, options: { readonly keepLast: boolean }) => Promise<Removal>;
  /** Removes all of an identity's; how many they were. */
  readonly removeAll: (identityId: string) => Promise<number>;
};

const ownerColumns = z.object({ handle: z.instanceof(Buffer), enabled: z.boolean().nullable() });

async function findForSignIn(knex: Knex, id: string): Promise<SignInCredential | null> {
  const row = await knex("credentials")
    .join("user_handles", "user_handles.identity_id", "credentials.identity_id")
    .leftJoin("passkey_settings", "passkey_settings.identity_id", "credentials.identity_id")
    .where("credentials.id", idBytes(id))
    .first("credentials.*", "user_handles.handle", "passkey_settings.enabled");
  if (!row) return null;
  const { handle, enabled } = ownerColumns.parse(row);
  return { credential: fromRow(row), userHandle: handle.toString("base64url"), enabled: enabled ?? true };
}

/** Locks the owner's handle row, so that changes of one person's credentials come one by one. */
async function lockOwner(trx: Knex.Transaction, identityId: string): Promise<boolean> {
  const row = await trx("user_handles").select("identity_id").where({ identity_id: identityId }).forUpdate().first();
  return row !== undefined;
}

async function countOf(knex: Knex, identityId: string): Promise<number> {
  const rows = await knex("credentials").where({ identity_id: identityId }).count({ count: "*" });
  return z.tuple([z.object({ count: z.coerce.number() })]).parse(rows)[0].count;
}

async function add(trx: Knex.Transaction, credential: Credential, limit: number): Promise<Addition> {
  if (!(await lockOwner(trx, credential.identityId))) return "owner_unknown";
  if ((await countOf(trx, credential.identityId)) >= limit) return "limit_reached";
  const inserted = await trx("credentials").insert(toRow(credential)).onConflict("id").ignore().returning("id");
  return inserted.length > 0 ? "added" : "exists";
}

/** One statement: of two assertions with one counter the row lock lets the second see the first's. */
async function recordUse(knex: Knex, id: string, use: CredentialUse): Promise<boolean> {
  // Of two that overtake each other the later one's time and place stay.
  const latest = (column: string, value: string | null) =>
    knex.raw("CASE WHEN last_used_at > ?::timestamptz THEN ?? ELSE ? END", [use.usedAt, column, value]);
  const changed = await knex("credentials")
    .where({ id: idBytes(id) })
    .whereRaw("(sign_count < :counter::bigint OR (sign_count = 0 AND :counter::bigint = 0))", { counter: use.counter })
    .update({
      sign_count: use.counter,
      backed_up: use.backedUp,
      last_used_at: knex.raw("greatest(last_used_at, ?::timestamptz)", [use.usedAt]),
      last_used_user_agent: latest("last_used_user_agent", use.from.userAgent),
      last_used_ip: latest("last_used_ip", use.from.ip),
    });
  return changed === 1;
}

type Owned = { readonly id: Buffer; readonly identity_id: string };

async function remove(trx: Knex.Transaction, owned: Owned, keepLast: boolean): Promise<Removal> {
  await lockOwner(trx, owned.identity_id);
  const found = await trx("credentials").select("id").where(owned).first();
  if (!found) return "unknown";
  if (keepLast && (await countOf(trx, owned.identity_id)) <= 1) return "last";
  await trx("credentials").where(owned).delete();
  return "removed";
}

async function removeAll(trx: Knex.Transaction, identityId: string): Promise<number> {
  await lockOwner(trx, identityId);
  return trx("credentials").where({ identity_id: identityId }).delete();
}

/** Credentials in PostgreSQL. */
export function createPostgresCredentialStore(knex: Knex): CredentialStore {
  const owned = (identityId: string, id: string) => ({ id: idBytes(id), identity_id: identityId });
  return {
    find: (id) =>
      askPostgres(async () => {
        const row = await knex("credentials")
          .where({ id: idBytes(id) })
          .first();
        return row ? fromRow(row) : null;
      }),
    findForSignIn: (id) => askPostgres(() => findForSignIn(knex, id)),
    listOf: (identityId) =>
      askPostgres(async () => {
        const rows = await knex("credentials").where({ identity_id: identityId }).orderBy(["created_at", "id"]);
        return rows.map(fromRow);
      }),
    countOf: (identityId) => askPostgres(() => countOf(knex, identityId)),
    add: (credential, limit) => askPostgres(() => knex.transaction((trx) => add(trx, credential, limit))),
    recordUse: (id, use) => askPostgres(() => recordUse(knex, id, use)),
    markAddressProved: (identityId) =>
      askPostgres(async () => {
        await knex("credentials")
          .where({ identity_id: identityId, address_proved: false })
          .update({ address_proved: true });
      }),
    rename: (identityId, id, name) =>
      askPostgres(async () => {
        const rows = await knex("credentials").where(owned(identityId, id)).update({ name }).returning("*");
        return rows[0] ? fromRow(rows[0]) : null;
      }),
    remove: (identityId, id, { keepLast }) =>
      askPostgres(() => knex.transaction((trx) => remove(trx, owned(identityId, id), keepLast))),
    removeAll: (identityId) => askPostgres(() => knex.transaction((trx) => removeAll(trx, identityId))),
  };
}
