import { LRUCache } from "lru-cache";
import { createLookUps } from "../look-ups.ts";
import type { PersonPasskeys } from "../policy/passkey-duty.ts";
import { orElse, type Soon } from "../soon.ts";

const MAX_ENTRIES = 10_000;
const TTL = 5_000;

/** What the session object and the decision need to know of a person's passkeys; asked often, so kept for a few seconds. */
export type PasskeySummary = {
  /** null when the store could not be asked and nothing is known: an outage there must not end a session. */
  readonly of: (identityId: string) => Soon<PersonPasskeys | null>;
  /** Has the store asked anew the next time, on every replica, after a change. */
  readonly drop: (identityId: string) => void;
  readonly dropAll: () => void;
};

/**
 * While the store is away what was last known stands in.
 * @param load asks the store; may throw OutageError.
 */
export function createPasskeySummary(load: (identityId: string) => Promise<PersonPasskeys>): PasskeySummary {
  const fresh = createLookUps<PersonPasskeys>({ ttl: TTL });
  const lastKnown = new LRUCache<string, PersonPasskeys>({ max: MAX_ENTRIES });

  const ask = async (identityId: string): Promise<PersonPasskeys> => {
    const person = await load(identityId);
    lastKnown.set(identityId, person);
    return person;
  };
  return {
    of: (identityId) =>
      orElse(
        () => fresh.get(identityId, () => ask(identityId)),
        () => lastKnown.get(identityId) ?? null,
      ),
    drop: fresh.drop,
    dropAll: fresh.clear,
  };
}
