import { type CryptoKey, importJWK, type JWK } from "jose";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { IDENTITY_TOKEN_ALGORITHM, type IdentityTokenKeys } from "./identity-token.ts";
import type { IdentityTokenKeyStore, StoredKey } from "./identity-token-key-store.ts";
import { isPublished, type KeyTimes, signingKey } from "./key-times.ts";

/** How old this replica's keys may be: a key that was replaced signs no longer than that. */
const READ_AGAIN = 15_000;
/** Milliseconds: every token asks, and what changes with the time need not change at once. */
const SAME_FOR = 1_000;

type ReadyKey = KeyTimes & { readonly privateKey: CryptoKey; readonly published: JWK };

/** The keys of the identity token as they are at this moment. */
export type IdentityTokenKeyring = {
  readonly current: () => IdentityTokenKeys;
  readonly close: () => void;
};

export type IdentityTokenKeyringDeps = {
  readonly store: Pick<IdentityTokenKeyStore, "load">;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  /** Milliseconds. */
  readonly readAgain?: number;
};

async function prepare({ kid, key, signsFrom }: StoredKey): Promise<ReadyKey> {
  const { kty, crv, x, y } = key;
  const privateKey = await importJWK(key, IDENTITY_TOKEN_ALGORITHM);
  if (privateKey instanceof Uint8Array) throw new TypeError("an identity token key is not an asymmetric key");
  const published = { kty, crv, x, y, kid, alg: IDENTITY_TOKEN_ALGORITHM, use: "sig" };
  return { kid, signsFrom, privateKey, published };
}

/** The newest first, as the published keys are listed. */
const newestFirst = (a: KeyTimes, b: KeyTimes) => b.signsFrom.getTime() - a.signsFrom.getTime();

function keysAt(keys: readonly ReadyKey[], now: Date): IdentityTokenKeys {
  const signing = signingKey(keys, now);
  if (!signing) throw new Error("there is no key for the identity token");
  const published = keys.filter((key) => isPublished(key, keys, now));
  return { signing, jwks: { keys: published.map((key) => key.published) } };
}

/**
 * Loads the keys and reads them again every few seconds, so that a rotation reaches every replica; in an outage the known
 * ones go on.
 * @throws OutageError when they cannot be read at first.
 */
export async function createIdentityTokenKeyring(deps: IdentityTokenKeyringDeps): Promise<IdentityTokenKeyring> {
  const read = async () => (await Promise.all((await deps.store.load()).map(prepare))).sort(newestFirst);
  let keys = await read();
  let closed = false;
  let known: { readonly until: number; readonly keys: IdentityTokenKeys } | null = null;
  const refresh = async () => {
    try {
      keys = await read();
      known = null;
    } catch (error) {
      if (!closed)
        deps.log.warn({ err: error }, "the identity token's keys could not be read again; the known ones go on");
    }
  };
  const timer = setInterval(refresh, deps.readAgain ?? READ_AGAIN).unref();
  return {
    current: () => {
      const now = deps.clock();
      if (known && now.getTime() < known.until) return known.keys;
      known = { until: now.getTime() + SAME_FOR, keys: keysAt(keys, now) };
      return known.keys;
    },
    close: () => {
      closed = true;
      clearInterval(timer);
    },
  };
}
