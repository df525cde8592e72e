import type { PasskeyPolicy } from "./passkey-policy.ts";

/** What a policy says of the authenticators that may hold a passkey. */
export type AuthenticatorRules = Pick<
  PasskeyPolicy,
  "attestation" | "requireCertified" | "allowedAaguids" | "deniedAaguids" | "allowSynced"
>;

/** What is known of a new passkey's authenticator. */
export type AuthenticatorFacts = {
  /** A claim of the authenticator unless its attestation is verified. */
  readonly aaguid: string;
  readonly synced: boolean;
  readonly attestation: "none" | "unverified" | "verified";
  /** The model's statuses in the FIDO metadata; empty where the metadata do not name it. */
  readonly statuses: readonly string[];
};

/** FIDO Metadata Service 3, 3.1.4: statuses after which a model's statements are worth nothing any more. */
const COMPROMISED: readonly string[] = [
  "REVOKED",
  "USER_VERIFICATION_BYPASS",
  "ATTESTATION_KEY_COMPROMISE",
  "USER_KEY_REMOTE_COMPROMISE",
  "USER_KEY_PHYSICAL_COMPROMISE",
];

/** What authenticators send that do not say their model. */
const NO_MODEL = "00000000-0000-0000-0000-000000000000";

const isCertified = (statuses: readonly string[]) => statuses.some((status) => status.startsWith("FIDO_CERTIFIED"));

type Rule = {
  readonly refuses: (rules: AuthenticatorRules, facts: AuthenticatorFacts) => boolean;
  readonly because: string;
};

const RULES: readonly Rule[] = [
  {
    refuses: ({ deniedAaguids }, { aaguid }) => deniedAaguids.includes(aaguid),
    because: "This kind of authenticator is not allowed here.",
  },
  {
    refuses: ({ allowedAaguids }, { aaguid }) =>
      allowedAaguids.length > 0 && (aaguid === NO_MODEL || !allowedAaguids.includes(aaguid)),
    because: "This kind of authenticator is not among those that are allowed here.",
  },
  {
    refuses: ({ allowSynced }, { synced }) => synced && !allowSynced,
    because: "Passkeys that are synced between devices are not allowed here.",
  },
  {
    refuses: (_rules, { statuses }) => statuses.some((status) => COMPROMISED.includes(status)),
    because: "This kind of authenticator is known to be compromised.",
  },
  {
    refuses: ({ attestation }, facts) => attestation !== "none" && facts.attestation !== "verified",
    because: "The make of this authenticator could not be verified.",
  },
  {
    refuses: ({ requireCertified }, facts) =>
      requireCertified && (facts.attestation !== "verified" || !isCertified(facts.statuses)),
    because: "This kind of authenticator has no FIDO certification.",
  },
];

/** Why a policy refuses a new passkey, in one plain sentence; null where it does not. */
export function authenticatorRefusal(rules: AuthenticatorRules, facts: AuthenticatorFacts): string | null {
  return RULES.find(({ refuses }) => refuses(rules, facts))?.because ?? null;
}

/**
 * Whether a passkey that is registered may go on signing in. Of the rules the deny list alone counts here: a new allow
 * list or a new demand for attestation concerns new passkeys, or it would lock people out.
 */
export function mayStillSignIn(rules: Pick<PasskeyPolicy, "deniedAaguids">, aaguid: string): boolean {
  return !rules.deniedAaguids.includes(aaguid);
}
