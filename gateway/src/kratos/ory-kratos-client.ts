import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { Configuration, FrontendApi, IdentityApi } from "@ory/client";
import { z } from "zod";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import { KRATOS_SESSION_COOKIE, type KratosClient } from "./kratos-client.ts";
import { parseKratosIdentity, parseKratosSession } from "./kratos-shapes.ts";
import { createOryAccounts } from "./ory-accounts.ts";
import { ask } from "./ory-call.ts";

const recoveryCodeShape = z.object({
  recovery_link: z.string(),
  recovery_code: z.string(),
  expires_at: z.coerce.date(),
});

/** Kratos compares identifiers in lower case (identity.NormalizeIdentifier). */
const sameSpelling = (email: string) => email.normalize("NFC").trim().toLowerCase();

/** Kratos' two APIs, each call with a deadline. */
export function apis(config: Config["kratos"]) {
  const baseOptions = {
    timeout: config.timeout,
    maxRedirects: 0,
    httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }),
    httpsAgent: new SecureAgent({ keepAlive: true, maxSockets: 64 }),
  };
  const at = (url: URL) => new Configuration({ basePath: url.href.replace(/\/$/, ""), baseOptions });
  return { frontend: new FrontendApi(at(config.publicUrl)), identities: new IdentityApi(at(config.adminUrl)) };
}

const sessionList = z.array(z.object({ id: z.string().min(1) }));

/** Page by page: what was ended is not active any more, so that the first page is always the one to ask for. */
async function endOtherSessions(
  identities: IdentityApi,
  id: string,
  kept: string | null,
  deadline: () => { signal: AbortSignal },
): Promise<string[]> {
  const ended: string[] = [];
  for (;;) {
    const others = await ask(async () => {
      const { data } = await identities.listIdentitySessions({ id, active: true }, deadline());
      return sessionList.parse(data).map((session) => session.id);
    }, [404]);
    const fresh = (others ?? []).filter((session) => session !== kept && !ended.includes(session));
    if (fresh.length === 0) return ended;
    await Promise.all(
      fresh.map((session) => ask(() => identities.disableSession({ id: session }, deadline()), [400, 404])),
    );
    ended.push(...fresh);
  }
}

async function checkReady(url: URL, signal: AbortSignal): Promise<void> {
  const answer = await fetch(new URL("/health/ready", url), { signal });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`Kratos is not ready: ${answer.status}`);
}

/**
 * The adapter of the Kratos port over HTTP (@ory/client).
 * @param config Kratos' addresses and the deadline of each call, in milliseconds.
 */
export function createOryKratosClient(config: Config["kratos"]): KratosClient {
  const { frontend, identities } = apis(config);
  const deadline = () => ({ signal: AbortSignal.timeout(config.timeout) });

  return {
    ...createOryAccounts({ frontend, identities, deadline }),
    whoami: async (sessionCookie) => {
      try {
        const cookie = `${KRATOS_SESSION_COOKIE}=${sessionCookie}`;
        const session = await ask(
          async () => parseKratosSession((await frontend.toSession({ cookie }, deadline())).data),
          [401],
        );
        return session ? { kind: "session", session } : { kind: "none" };
      } catch (cause) {
        return { kind: "unavailable", cause };
      }
    },
    findIdentity: (id) =>
      ask(async () => {
        const answer = await identities.getIdentity({ id, includeCredential: ["password"] }, deadline());
        return parseKratosIdentity(answer.data);
      }, [404]),
    findIdentityByEmail: (email) =>
      ask(async () => {
        const wanted = { credentialsIdentifier: sameSpelling(email), includeCredential: ["password"] };
        const found = (await identities.listIdentities(wanted, deadline())).data.map(parseKratosIdentity);
        return found.find(({ identity }) => sameSpelling(identity.email) === sameSpelling(email)) ?? null;
      }),
    endSession: async (id) => {
      await ask(() => identities.disableSession({ id }, deadline()), [400, 404]);
    },
    endSessionsOf: async (id) => {
      await ask(() => identities.deleteIdentitySessions({ id }, deadline()), [404]);
    },
    endOtherSessionsOf: (identityId, kept) => endOtherSessions(identities, identityId, kept, deadline),
    createRecoveryCode: async (identityId) => {
      const created = await ask(async () => {
        const createRecoveryCodeForIdentityBody = { identity_id: identityId };
        const answer = await identities.createRecoveryCodeForIdentity(
          { createRecoveryCodeForIdentityBody },
          deadline(),
        );
        return recoveryCodeShape.parse(answer.data);
      });
      const flowId = created && new URL(created.recovery_link).searchParams.get("flow");
      if (!flowId) throw new OutageError("kratos", new Error("Kratos' recovery link names no flow"));
      return { flowId, code: created.recovery_code, expiresAt: created.expires_at };
    },
    ready: async () => {
      await ask(() => checkReady(config.publicUrl, deadline().signal));
    },
  };
}
