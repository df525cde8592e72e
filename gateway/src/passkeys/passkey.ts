import { type AuthenticatorProvider, providerOf } from "./authenticator-providers.ts";
import type { AttestationKind, Credential, DeviceType } from "./credential.ts";

/** A credential as the HTTP contract shows it to its owner. */
export type Passkey = {
  readonly id: string;
  readonly name: string;
  readonly aaguid: string;
  readonly provider: AuthenticatorProvider | null;
  readonly device_type: DeviceType;
  readonly backed_up: boolean;
  readonly transports: readonly string[];
  readonly algorithm: number;
  readonly attestation: AttestationKind;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly last_used_from: { readonly user_agent: string | null; readonly ip: string | null } | null;
};

function placeOfUse({ lastUsedFrom }: Credential): Passkey["last_used_from"] {
  return lastUsedFrom && { user_agent: lastUsedFrom.userAgent, ip: lastUsedFrom.ip };
}

/** The contract's form of a credential: no key, no counter. */
export function toPasskey(credential: Credential): Passkey {
  return {
    id: credential.id,
    name: credential.name,
    aaguid: credential.aaguid,
    provider: providerOf(credential.aaguid),
    device_type: credential.deviceType,
    backed_up: credential.backedUp,
    transports: credential.transports,
    algorithm: credential.algorithm,
    attestation: credential.attestation,
    created_at: credential.createdAt.toISOString(),
    last_used_at: credential.lastUsedAt?.toISOString() ?? null,
    last_used_from: placeOfUse(credential),
  };
}
