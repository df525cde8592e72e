import { providerOf } from "./authenticator-providers.ts";

const FALLBACK = "Passkey";

/**
 * A name for a passkey whose owner gave none: its provider's, with a number where that name is taken.
 * @param aaguid the authenticator's model.
 * @param taken the names of the owner's other passkeys.
 */
export function suggestName(aaguid: string, taken: readonly string[]): string {
  const base = providerOf(aaguid)?.name ?? FALLBACK;
  const used = new Set(taken);
  let name = base;
  for (let number = 2; used.has(name); number += 1) name = `${base} ${number}`;
  return name;
}
