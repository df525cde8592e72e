import type { Config } from "../config.ts";

/** COSE algorithms in the order they are preferred: EdDSA (Ed25519), ES256 (P-256), RS256. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

export type UserVerification = "required" | "preferred";

/** Who the gateway is to an authenticator. From configuration alone, never from a request's Host. */
export type RelyingParty = {
  readonly id: string;
  readonly name: string;
  /** Origins whose pages may hold a ceremony. */
  readonly origins: readonly string[];
  /** Milliseconds a person has for the dialog: as long as the challenge lives. */
  readonly timeout: number;
};

/** The relying party that the settings describe. */
export function createRelyingParty(config: Config["passkeys"]): RelyingParty {
  return {
    id: config.rpId,
    name: config.rpName,
    origins: config.origins,
    timeout: config.challengeTtl,
  };
}
