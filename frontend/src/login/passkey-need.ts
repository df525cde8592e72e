import type { AuthenticatedSession } from "@passbridge/client";

/**
 * What somebody signed in has to do where a page needs a passkey:
 * - `use`: the one they have; a password would lead back here.
 * - `add`: make one first, they have none.
 * - `more`: they used one that did not ask who holds it; together with anything else it is enough.
 * - `nothing`: it is all there.
 */
export type PasskeyNeed = "use" | "add" | "more" | "nothing";

/** Whether an address says that the page behind it needs a passkey, or what only a passkey brings (`need=passkey`). */
export const asksForPasskey = (query: URLSearchParams) => query.get("need") === "passkey";

/** What is missing. A number of passkeys that is not known counts as some: their owner knows better. */
export function passkeyNeed({ methods, aal, passkeys }: AuthenticatedSession): PasskeyNeed {
  if (methods.includes("passkey")) return aal === "aal2" ? "nothing" : "more";
  return passkeys.count === 0 ? "add" : "use";
}
