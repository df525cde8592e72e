import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from "jose";
import type { Knex } from "knex";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";
import { IDENTITY_TOKEN_ALGORITHM, type IdentityTokenKeys } from "./identity-token.ts";
import { createKeyCipher, type KeyCipher, type PrivateJwk, privateJwk } from "./identity-token-key-cipher.ts";

const TABLE = "identity_token_keys";

/** A number of our own: replicas that start at once read and make keys one after the other under this lock. */
const LOCK = 7_221_094_316;

type Row = { readonly kid: string; readonly private_jwk: string; readonly created_at: Date };
type SigningKey = { readonly kid: string; readonly key: PrivateJwk };

export type IdentityTokenKeyStore = {
  /**
   * The keys of identity tokens; makes one when there is none that can be used.
   * @throws OutageError when PostgreSQL could not be asked.
   */
  readonly load: () => Promise<IdentityTokenKeys>;
};

export type IdentityTokenKeyStoreDeps = {
  readonly db: Knex;
  /** The first encrypts, any of them decrypts. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
};

/** Newest first. A key under an older secret is encrypted anew, so that the secret may be taken away later. */
async function readKeys(trx: Knex, cipher: KeyCipher, log: Pick<Logger, "warn">): Promise<SigningKey[]> {
  const rows = await trx<Row>(TABLE).orderBy([{ column: "created_at", order: "desc" }, { column: "kid" }]);
  const keys: SigningKey[] = [];
  for (const { kid, private_jwk } of rows) {
    const opened = await cipher.decrypt(kid, private_jwk);
    if (!opened) {
      log.warn({ kid }, "no session secret opens this identity token key: it is ignored");
      continue;
    }
    if (!opened.current)
      await trx<Row>(TABLE)
        .where({ kid })
        .update({ private_jwk: await cipher.encrypt(kid, opened.key) });
    keys.push({ kid, key: opened.key });
  }
  return keys;
}

async function makeKey(trx: Knex, cipher: KeyCipher, now: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(IDENTITY_TOKEN_ALGORITHM, { extractable: true });
  const key = privateJwk.parse(await exportJWK(privateKey));
  const kid = await calculateJwkThumbprint(key);
  await trx<Row>(TABLE).insert({ kid, private_jwk: await cipher.encrypt(kid, key), created_at: now });
  return { kid, key };
}

function toPublicJwk({ kid, key: { kty, crv, x, y } }: SigningKey) {
  return { kty, crv, x, y, kid, alg: IDENTITY_TOKEN_ALGORITHM, use: "sig" };
}

async function toKeys(newest: SigningKey, older: readonly SigningKey[]): Promise<IdentityTokenKeys> {
  const privateKey = await importJWK(newest.key, IDENTITY_TOKEN_ALGORITHM);
  if (privateKey instanceof Uint8Array) throw new TypeError("an identity token key is not an asymmetric key");
  return {
    signing: { kid: newest.kid, privateKey },
    jwks: { keys: [newest, ...older].map(toPublicJwk) },
  };
}

/** Keys of identity tokens in PostgreSQL, their private part encrypted under the session secrets. */
export function createIdentityTokenKeyStore(deps: IdentityTokenKeyStoreDeps): IdentityTokenKeyStore {
  const { db, clock, log } = deps;
  const cipher = createKeyCipher(deps.secrets);
  return {
    load: async () => {
      const [newest, ...older] = await askPostgres(() =>
        db.transaction(async (trx): Promise<[SigningKey, ...SigningKey[]]> => {
          await trx.raw("SELECT pg_advisory_xact_lock(?)", [LOCK]);
          const [first, ...others] = await readKeys(trx, cipher, log);
          return [first ?? (await makeKey(trx, cipher, clock())), ...others];
        }),
      );
      return toKeys(newest, older);
    },
  };
}
