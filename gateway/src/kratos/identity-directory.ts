import { createLookUps } from "../look-ups.ts";
import type { Identity } from "../sessions/session.ts";
import { orElse, type Soon } from "../soon.ts";
import type { KratosClient } from "./kratos-client.ts";

/** What Kratos says of an identity: it may sign in, it is deleted or deactivated, or Kratos could not be asked. */
export type IdentityState =
  | { readonly kind: "active"; readonly identity: Identity }
  | { readonly kind: "gone" }
  | { readonly kind: "unavailable"; readonly cause: unknown };

/** Says whether an identity may go on. Never throws. */
export type IdentityDirectory = ((identityId: string) => Soon<IdentityState>) & {
  /** Has Kratos asked anew the next time, where something is known to have changed. */
  readonly forget: (identityId: string) => void;
  readonly forgetAll: () => void;
};

/**
 * Asks Kratos at most once per identity and `ttl`; of an outage nothing is kept, as its circuit makes that cheap.
 * @param ttl milliseconds an answer is kept (IDENTITY_CACHE_TTL).
 */
export function createIdentityDirectory(kratos: Pick<KratosClient, "findIdentity">, ttl: number): IdentityDirectory {
  const states = createLookUps<IdentityState>({ ttl });
  const ask = async (id: string): Promise<IdentityState> => {
    const found = await kratos.findIdentity(id);
    return found?.active ? { kind: "active", identity: found.identity } : { kind: "gone" };
  };
  const find = (id: string) =>
    orElse(
      () => states.get(id, () => ask(id)),
      (cause): IdentityState => ({ kind: "unavailable", cause }),
    );
  return Object.assign(find, { forget: states.drop, forgetAll: states.clear });
}
