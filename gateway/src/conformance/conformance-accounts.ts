import { LRUCache } from "lru-cache";
import type { VerifiedRegistration } from "../passkeys/registration-verifier.ts";
import { randomUserHandle } from "../passkeys/user-handle-store.ts";

const MAX_ACCOUNTS = 10_000;

/** A user the conformance tool made up, with the credentials of its virtual authenticators by their ids. */
export type ConformanceAccount = {
  readonly username: string;
  /** base64url */
  readonly userHandle: string;
  readonly credentials: Map<string, VerifiedRegistration>;
};

export type ConformanceAccounts = {
  /** The account of that name, made now if there is none. */
  readonly of: (username: string) => ConformanceAccount;
  readonly find: (username: string) => ConformanceAccount | null;
};

/** Accounts in this process' memory alone: no identity of Kratos and no row of Postgres is ever among them. */
export function createConformanceAccounts(): ConformanceAccounts {
  const names = new LRUCache<string, ConformanceAccount>({ max: MAX_ACCOUNTS });
  return {
    find: (username) => names.get(username) ?? null,
    of: (username) => {
      const known = names.get(username);
      if (known) return known;
      const made: ConformanceAccount = { username, userHandle: randomUserHandle(), credentials: new Map() };
      names.set(username, made);
      return made;
    },
  };
}
