import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";

/** WebAuthn L3, 13.4.3: 64 random bytes that tell nothing about the person. */
const HANDLE_BYTES = 64;

/** One user handle per identity, made once and never changed. Handles are base64url. */
export type UserHandleStore = {
  /** The identity's handle, made now if there is none yet. Throws OutageError. */
  readonly handleOf: (identityId: string) => Promise<string>;
  /** The handle if there is one. Throws OutageError. */
  readonly find: (identityId: string) => Promise<string | null>;
};

/** User handles in PostgreSQL. */
export function createPostgresUserHandleStore(knex: Knex, clock: Clock): UserHandleStore {
  const find = async (identityId: string) => {
    const row = await knex("user_handles").select("handle").where({ identity_id: identityId }).first();
    return row ? Buffer.from(row.handle).toString("base64url") : null;
  };
  const make = (identityId: string) =>
    knex("user_handles")
      .insert({ identity_id: identityId, handle: randomBytes(HANDLE_BYTES), created_at: clock() })
      .onConflict("identity_id")
      .ignore();

  return {
    find: (identityId) => askPostgres(() => find(identityId)),
    handleOf: (identityId) =>
      askPostgres(async () => {
        const known = await find(identityId);
        if (known) return known;
        // Of several makers one wins; all read the winner's handle.
        await make(identityId);
        const made = await find(identityId);
        if (!made) throw new Error("The user handle was deleted while it was being made");
        return made;
      }),
  };
}
