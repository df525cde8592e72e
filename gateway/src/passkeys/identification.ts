import { type KratosClient, NOBODY } from "../kratos/kratos-client.ts";
import type { CredentialStore } from "./credential-store.ts";
import { type CredentialDescriptor, createDecoyCredentials, type DecoyCredentials } from "./decoy-credentials.ts";
import type { UserHandleStore } from "./user-handle-store.ts";

/** Whose credentials a sign-in may be finished with, and which those are; made up where there are none. */
export type Identified = { readonly identityId: string; readonly allow: readonly CredentialDescriptor[] };

export type Identification = {
  /**
   * The credentials of an e-mail address, in one spelling (http/email-address.ts). An address without any, an
   * account's or not, has decoys, and an identity no finish can be for. Asks the same of the same parts in both cases.
   * Throws OutageError.
   */
  readonly identify: (email: string) => Promise<Identified>;
  /** Whether a credential id was made up for some address. Throws OutageError. */
  readonly isDecoy: (credentialId: string) => Promise<boolean>;
};

export type IdentificationDeps = {
  readonly kratos: Pick<KratosClient, "findIdentityByEmail">;
  readonly credentials: Pick<CredentialStore, "listOf">;
  readonly userHandles: Pick<UserHandleStore, "handleOf">;
};

/**
 * The decoys by a secret of Postgres: session secrets change, and every list would change with them. It is nobody's user
 * handle, sent to nobody and kept for ever, like any other.
 */
function createDecoySource({ userHandles }: IdentificationDeps): () => Promise<DecoyCredentials> {
  let known: DecoyCredentials | null = null;
  return async () => {
    known ??= createDecoyCredentials(Buffer.from(await userHandles.handleOf(NOBODY), "base64url"));
    return known;
  };
}

/**
 * Leads from an e-mail address to its credentials (WebAuthn L3, 14.6.2 and 14.6.3: neither the account's existence nor
 * its credentials' absence is to be learnt). A deactivated account keeps its list: that it changed would tell.
 */
export function createIdentification(deps: IdentificationDeps): Identification {
  const decoys = createDecoySource(deps);
  return {
    identify: async (email) => {
      const { listFor, identityIdFor } = await decoys();
      const found = await deps.kratos.findIdentityByEmail(email);
      const decoy = { identityId: identityIdFor(email), allow: listFor(email) };
      const identityId = found?.identity.id ?? decoy.identityId;
      const owned = await deps.credentials.listOf(identityId);
      return owned.length > 0 ? { identityId, allow: owned } : decoy;
    },
    isDecoy: async (credentialId) => (await decoys()).owns(credentialId),
  };
}

/** The store, but for ids that were made up: they are taken like those of others, as a free one would tell. */
export function refuseDecoys(store: CredentialStore, isDecoy: Identification["isDecoy"]): CredentialStore {
  return {
    ...store,
    add: async (credential, limit) => ((await isDecoy(credential.id)) ? "exists" : store.add(credential, limit)),
  };
}
