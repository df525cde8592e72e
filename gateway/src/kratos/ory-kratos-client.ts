import { Agent, get as getPlainly } from "node:http";
import { get as getSecurely, Agent as SecureAgent } from "node:https";
import { Configuration, FrontendApi, IdentityApi } from "@ory/client";
import { z } from "zod";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import { askUntilSure } from "./confirmed-absence.ts";
import { KRATOS_SESSION_COOKIE, type KratosClient } from "./kratos-client.ts";
import { parseKratosIdentity, parseKratosSession } from "./kratos-shapes.ts";
import { createOryAccounts } from "./ory-accounts.ts";
import { ask } from "./ory-call.ts";
import { createOrySessions } from "./ory-sessions.ts";

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

/** Not by the global fetch: what it brings with it is a tenth of the process' memory and nothing else here needs it. */
function checkReady(url: URL, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const get = url.protocol === "https:" ? getSecurely : getPlainly;
  const asked = get(new URL("/health/ready", url), { signal }, (answer) => {
    // Its body says nothing more, also when it is cut.
    answer.on("error", () => undefined).resume();
    if (answer.statusCode === 200) resolve();
    else reject(new Error(`Kratos is not ready: ${answer.statusCode}`));
  });
  asked.on("error", reject);
  return promise;
}

/**
 * The adapter of the Kratos port over HTTP (@ory/client).
 * @param config Kratos' addresses and the deadline of each call, in milliseconds.
 */
export function createOryKratosClient(config: Config["kratos"]): KratosClient {
  const { frontend, identities } = apis(config);
  const deadline = () => ({ signal: AbortSignal.timeout(config.timeout) });
  const ready = async () => {
    await ask(() => checkReady(config.publicUrl, deadline().signal));
  };

  return {
    ...createOryAccounts({ frontend, identities, deadline }),
    ...createOrySessions({ identities, deadline }),
    whoami: async (sessionCookie) => {
      try {
        const cookie = `${KRATOS_SESSION_COOKIE}=${sessionCookie}`;
        const find = () =>
          ask(async () => parseKratosSession((await frontend.toSession({ cookie }, deadline())).data), [401]);
        const session = await askUntilSure(find, ready);
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
    ready,
  };
}
