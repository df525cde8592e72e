import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { asOutage, Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { CredentialStore } from "../passkeys/credential-store.ts";
import type { SessionResolver } from "../sessions/session-resolver.ts";
import type { AddressProofStore, OpenProof } from "./address-proof-store.ts";
import type { MailedCodeStore } from "./mailed-code-store.ts";
import type { RemoveUnprovedAccess } from "./unproved-access.ts";

/** Longer than any answer of Kratos is waited for. */
const SETTLED_AFTER = 60_000;

export type AddressProofDeps = {
  readonly mailedCodes: MailedCodeStore;
  readonly proofs: AddressProofStore;
  readonly credentials: Pick<CredentialStore, "markAddressProved">;
  readonly kratos: Pick<KratosClient, "findIdentity" | "findIdentityByEmail">;
  readonly removeUnprovedAccess: RemoveUnprovedAccess;
  readonly resolve: SessionResolver;
  /** The identity is another than before: its address is verified. */
  readonly forgetIdentity: (identityId: string) => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
};

/** A mailed code on its way to Kratos. */
export type Attempt = {
  readonly flowId: string;
  /** Whether a flow of which no mail is known is refused; else its code is taken to prove nothing. */
  readonly knownFlowsOnly: boolean;
  readonly request: IncomingMessage;
};

/** What Kratos said to a code. */
export type Verdict = {
  readonly accepted: boolean;
  /** The Kratos session it made, if any. */
  readonly sessionId: string | undefined;
};

export type PendingProof = { readonly conclude: (verdict: Verdict) => Promise<void> };

/**
 * Sees to it that whoever proves an address by a mailed code owns the account from then on: what others set up before
 * is cleared away, unless the proof was given where the account is signed in. Throws OutageError.
 */
export type AddressProofs = {
  /** Has a flow's addresses remembered, before or just after the mail. */
  readonly mailed: (flowId: string, email: string) => Promise<void>;
  /** Before Kratos gets a code; null when it can prove nothing. Throws Problem not_found for an unknown flow. */
  readonly begin: (attempt: Attempt) => Promise<PendingProof | null>;
  /** Settles what an outage left open. Never throws. */
  readonly settle: () => Promise<void>;
};

async function ownerOf({ resolve }: AddressProofDeps, request: IncomingMessage): Promise<string | null> {
  const resolution = await resolve(request, { activity: false });
  if (resolution.kind === "undecided") throw asOutage(resolution.cause);
  return resolution.kind === "authenticated" ? resolution.session.identity.id : null;
}

async function conclude(deps: AddressProofDeps, proof: OpenProof, sessionId: string | undefined): Promise<void> {
  const account = await deps.kratos.findIdentity(proof.identityId);
  if (account?.identity.emailVerified) {
    deps.forgetIdentity(proof.identityId);
    if (proof.effect === "keep") await deps.credentials.markAddressProved(proof.identityId);
    else await deps.removeUnprovedAccess(account, sessionId);
  }
  await deps.proofs.close(proof.id);
}

async function begin(
  deps: AddressProofDeps,
  { flowId, knownFlowsOnly, request }: Attempt,
): Promise<PendingProof | null> {
  const emails = await deps.mailedCodes.addressesOf(flowId);
  if (emails.length === 0 && knownFlowsOnly) throw new Problem("not_found");
  const accounts = await Promise.all(emails.map((email) => deps.kratos.findIdentityByEmail(email)));
  const unproved = accounts.flatMap((account) =>
    account && !account.identity.emailVerified ? [account.identity.id] : [],
  );
  if (unproved.length === 0) return null;
  const owner = await ownerOf(deps, request);
  const open = await Promise.all(unproved.map((id) => deps.proofs.open(id, id === owner ? "keep" : "clear")));
  return {
    conclude: async ({ accepted, sessionId }) => {
      await Promise.all(
        open.map((proof) => (accepted ? conclude(deps, proof, sessionId) : deps.proofs.close(proof.id))),
      );
    },
  };
}

async function settle(deps: AddressProofDeps): Promise<void> {
  try {
    const left = await deps.proofs.begunBefore(new Date(deps.clock().getTime() - SETTLED_AFTER));
    for (const proof of left) await conclude(deps, proof, undefined);
  } catch (error) {
    deps.log.warn({ err: error }, "address proofs that are left open could not be settled yet");
  }
}

export function createAddressProofs(deps: AddressProofDeps): AddressProofs {
  return {
    mailed: deps.mailedCodes.add,
    begin: (attempt) => begin(deps, attempt),
    settle: () => settle(deps),
  };
}
