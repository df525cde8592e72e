import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";
import type { Credential } from "./credential.ts";
import { fromRow } from "./credential-row.ts";

/** WebAuthn L3, 13.4.3: 64 random bytes that tell nothing about the person. */
const HANDLE_BYTES = 64;

/** A new user handle in base64url. */
export const randomUserHandle = (): string => randomBytes(HANDLE_BYTES).toString("base64url");

/** One user handle per identity, made once and never changed. Handles are base64url. */
export type UserHandleStore = {
  /** The identity's handle, made now if there is none yet. Throws OutageError. */
  readonly handleOf: (identityId: string) => Promise<string>;
  /** Gives an identity that was just made the handle its first passkey was created with. Throws OutageError. */
  readonly assign: (identityId: string, handle: string) => Promise<void>;
  /** Forgets the handle, and with it every credential of the identity; those that went, oldest first. Throws OutageError. */
  readonly forget: (identityId: string) => Promise<readonly Credential[]>;
};

/** The handle's row is locked before, so that no credential is added between the two. */
async function forget(trx: Knex.Transaction, identityId: string): Promise<readonly Credential[]> {
  const owner = { identity_id: identityId };
  await trx("user_handles").select("identity_id").where(owner).forUpdate();
  const credentials = await trx("credentials").where(owner).orderBy(["created_at", "id"]);
  await trx("user_handles").where(owner).delete();
  return credentials.map(fromRow);
}

/** User handles in PostgreSQL. */
export function createPostgresUserHandleStore(knex: Knex, clock: Clock): UserHandleStore {
  const find = async (identityId: string) => {
    const row = await knex("user_handles").select("handle").where({ identity_id: identityId }).first();
    return row ? Buffer.from(row.handle).toString("base64url") : null;
  };
  const insert = (identityId: string, handle: string) =>
    knex("user_handles").insert({
      identity_id: identityId,
      handle: Buffer.from(handle, "base64url"),
      created_at: clock(),
    });

  return {
    forget: (identityId) => askPostgres(() => knex.transaction((trx) => forget(trx, identityId))),
    assign: (identityId, handle) =>
      askPostgres(async () => {
        await insert(identityId, handle);
      }),
    handleOf: (identityId) =>
      askPostgres(async () => {
        const known = await find(identityId);
        if (known) return known;
        // Of several makers one wins; all read the winner's handle.
        await insert(identityId, randomUserHandle()).onConflict("identity_id").ignore();
        const made = await find(identityId);
        if (!made) throw new Error("The user handle was deleted while it was being made");
        return made;
      }),
  };
}
