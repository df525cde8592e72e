import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import type { Identity } from "../sessions/session.ts";
import type { KratosClient } from "./kratos-client.ts";

const MAX_ENTRIES = 50_000;
const OUTAGE_PAUSE = 5_000;

/** What Kratos says of an identity: it may sign in, it is deleted or deactivated, or Kratos could not be asked. */
export type IdentityState =
  | { readonly kind: "active"; readonly identity: Identity }
  | { readonly kind: "gone" }
  | { readonly kind: "unavailable"; readonly cause: unknown };

/** Says whether an identity may go on. Never throws. */
export type IdentityDirectory = (identityId: string) => Promise<IdentityState>;

/**
 * Asks Kratos at most once per identity and `ttl`. While Kratos is away it is asked again only every few seconds,
 * so that an outage there costs those with a passkey session nothing.
 * @param ttl milliseconds an answer is kept (IDENTITY_CACHE_TTL).
 */
export function createIdentityDirectory(
  kratos: Pick<KratosClient, "findIdentity">,
  ttl: number,
  clock: Clock,
): IdentityDirectory {
  const states = new LRUCache<string, IdentityState>({ max: MAX_ENTRIES, ttl: Math.max(ttl, 1) });
  const pending = new Map<string, Promise<IdentityState>>();
  let outage: { until: number; cause: unknown } | null = null;

  const ask = async (id: string): Promise<IdentityState> => {
    try {
      const found = await kratos.findIdentity(id);
      outage = null;
      const state: IdentityState = found?.active ? { kind: "active", identity: found.identity } : { kind: "gone" };
      states.set(id, state);
      return state;
    } catch (cause) {
      outage = { until: clock().getTime() + OUTAGE_PAUSE, cause };
      return { kind: "unavailable", cause };
    } finally {
      pending.delete(id);
    }
  };

  return async (id) => {
    const known = states.get(id);
    if (known) return known;
    if (outage && clock().getTime() < outage.until) return { kind: "unavailable", cause: outage.cause };
    const asked = pending.get(id) ?? ask(id);
    pending.set(id, asked);
    return asked;
  };
}
