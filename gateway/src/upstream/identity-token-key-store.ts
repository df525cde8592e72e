import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import type { Knex } from "knex";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";
import { IDENTITY_TOKEN_ALGORITHM } from "./identity-token.ts";
import { createKeyCipher, type KeyCipher, type PrivateJwk, privateJwk } from "./identity-token-key-cipher.ts";
import { isPublished, type KeyTimes, pendingKey, SIGNS_AFTER } from "./key-times.ts";

const TABLE = "identity_token_keys";
/** A number of our own: replicas that start at once read and make keys one after the other under this lock. */
const LOCK = 7_221_094_316;

type Row = { readonly kid: string; readonly private_jwk: string; readonly created_at: Date; readonly signs_from: Date };
/** A key of the table, its private part opened. */
export type StoredKey = KeyTimes & { readonly key: PrivateJwk };

export type IdentityTokenKeyStore = {
  /** The keys, at least one; makes one when there is none that can be used. Throws OutageError. */
  readonly load: () => Promise<readonly StoredKey[]>;
  /**
   * Makes a key that signs once everybody has had time to learn of it, and forgets the keys whose time is over; null
   * when such a key is waiting already. Throws OutageError.
   */
  readonly rotate: () => Promise<KeyTimes | null>;
  /** Makes a key that signs at once and forgets all others: tokens they signed are refused from then on. Throws OutageError. */
  readonly replace: () => Promise<KeyTimes>;
};

export type IdentityTokenKeyStoreDeps = {
  readonly db: Knex;
  /** The first encrypts, any of them decrypts. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
};

/** A key under an older secret is encrypted anew, so that the secret may be taken away later. */
async function readKeys(trx: Knex, cipher: KeyCipher, log: Pick<Logger, "warn">): Promise<StoredKey[]> {
  const keys: StoredKey[] = [];
  for (const { kid, private_jwk, signs_from } of await trx<Row>(TABLE)) {
    const opened = await cipher.decrypt(kid, private_jwk);
    if (!opened) {
      log.warn({ kid }, "no session secret opens this identity token key: it is ignored");
      continue;
    }
    if (!opened.current)
      await trx<Row>(TABLE)
        .where({ kid })
        .update({ private_jwk: await cipher.encrypt(kid, opened.key) });
    keys.push({ kid, key: opened.key, signsFrom: signs_from });
  }
  return keys;
}

async function makeKey(trx: Knex, cipher: KeyCipher, now: Date, signsFrom: Date): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(IDENTITY_TOKEN_ALGORITHM, { extractable: true });
  const key = privateJwk.parse(await exportJWK(privateKey));
  const kid = await calculateJwkThumbprint(key);
  const private_jwk = await cipher.encrypt(kid, key);
  await trx<Row>(TABLE).insert({ kid, private_jwk, created_at: now, signs_from: signsFrom });
  return { kid, key, signsFrom };
}

/** Keys of identity tokens in PostgreSQL, their private part encrypted under the session secrets. */
export function createIdentityTokenKeyStore(deps: IdentityTokenKeyStoreDeps): IdentityTokenKeyStore {
  const { db, clock, log } = deps;
  const cipher = createKeyCipher(deps.secrets);
  const locked = <T>(work: (trx: Knex, keys: readonly StoredKey[]) => Promise<T>): Promise<T> =>
    askPostgres(() =>
      db.transaction(async (trx) => {
        await trx.raw("SELECT pg_advisory_xact_lock(?)", [LOCK]);
        return work(trx, await readKeys(trx, cipher, log));
      }),
    );

  return {
    load: () =>
      locked(async (trx, keys) => {
        const now = clock();
        return keys.length > 0 ? keys : [await makeKey(trx, cipher, now, now)];
      }),
    rotate: () =>
      locked(async (trx, keys) => {
        const now = clock();
        if (pendingKey(keys, now)) return null;
        const over = keys.filter((key) => !isPublished(key, keys, now)).map(({ kid }) => kid);
        await trx<Row>(TABLE).whereIn("kid", over).delete();
        return makeKey(trx, cipher, now, new Date(now.getTime() + SIGNS_AFTER));
      }),
    replace: () =>
      locked(async (trx) => {
        const now = clock();
        await trx<Row>(TABLE).delete();
        return makeKey(trx, cipher, now, now);
      }),
  };
}
