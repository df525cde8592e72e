import { randomBytes } from "node:crypto";
import type { FrontendApi, IdentityApi } from "@ory/client";
import { z } from "zod";
import { OutageError, Problem } from "../errors.ts";
import type { KratosAccounts } from "./kratos-client.ts";
import { identityDocument, NO_PASSWORD_PREFIX, parseKratosIdentity } from "./kratos-shapes.ts";
import { ask, statusOf } from "./ory-call.ts";

const SCHEMA = "default";

const flowShape = z.object({ id: z.string().min(1) });

/** What the calls need: the two APIs, and the options of a call that starts now. */
export type OryApis = {
  readonly frontend: FrontendApi;
  readonly identities: IdentityApi;
  readonly deadline: () => { signal: AbortSignal };
};

async function createIdentity(
  { identities, deadline }: OryApis,
  { email, name }: Parameters<KratosAccounts["createIdentity"]>[0],
) {
  const traits = { email, ...(name !== null && { name }) };
  const createIdentityBody = { schema_id: SCHEMA, state: "active", traits } as const;
  try {
    const made = await identities.createIdentity({ createIdentityBody }, deadline());
    return parseKratosIdentity(made.data).identity;
  } catch (error) {
    const status = statusOf(error);
    if (status === 409) return null;
    // The identity schema is the operator's: it may want more of an address or a name than the gateway knows.
    if (status === 400)
      throw new Problem("invalid_request", { detail: "The e-mail or the name is not accepted.", cause: error });
    throw new OutageError("kratos", error);
  }
}

async function sendVerification({ frontend, deadline }: OryApis, email: string): Promise<string> {
  const sent = await ask(async () => {
    const { id: flow } = flowShape.parse((await frontend.createNativeVerificationFlow({}, deadline())).data);
    await frontend.updateVerificationFlow({ flow, updateVerificationFlowBody: { method: "code", email } }, deadline());
    return flow;
  });
  if (sent === null) throw new OutageError("kratos", new Error("Kratos gave no verification flow"));
  return sent;
}

/** A bcrypt hash nobody knows a password to, and by which a password that was taken away is known again. */
function unmatchableHash(): string {
  return NO_PASSWORD_PREFIX + randomBytes(23).toString("base64").replaceAll("+", ".").replaceAll("=", "");
}

/** Kratos has no call that takes a password away: its hash is replaced. What else the identity has is written back. */
async function removePassword({ identities, deadline }: OryApis, id: string): Promise<boolean> {
  const removed = await ask(async () => {
    const { data } = await identities.getIdentity({ id, includeCredential: ["password"] }, deadline());
    if (!parseKratosIdentity(data).hasPassword) return false;
    const { schema_id, state, traits, metadata_public, metadata_admin } = identityDocument.parse(data);
    const credentials = { password: { config: { hashed_password: unmatchableHash() } } };
    await identities.updateIdentity(
      { id, updateIdentityBody: { schema_id, state, traits, metadata_public, metadata_admin, credentials } },
      deadline(),
    );
    return true;
  }, [404]);
  return removed ?? false;
}

/** Kratos' APIs as far as they make, change and close accounts. */
export function createOryAccounts(apis: OryApis): KratosAccounts {
  const { identities, deadline } = apis;
  return {
    createIdentity: (person) => createIdentity(apis, person),
    deleteIdentity: async (id) => {
      await ask(() => identities.deleteIdentity({ id }, deadline()), [404]);
    },
    sendVerification: (email) => sendVerification(apis, email),
    removePassword: (id) => removePassword(apis, id),
  };
}
