import { randomBytes } from "node:crypto";
import { firstPolicy, type PasskeyPolicy } from "../../src/policy/passkey-policy.ts";
import { answerOf, createPasskeyWorld, startLogin } from "./passkey-world.ts";
import type { SoftwareAuthenticator, Tampering } from "./software-authenticator.ts";

/** An address that nobody has. */
export const unknownEmail = () => `nobody-${randomBytes(6).toString("hex")}@example.com`;

/** A gateway whose policy a test changes; at first an e-mail leads to a list of credentials. */
export async function createEmailFirstWorld(env: Readonly<Record<string, string>> = {}) {
  let policy: PasskeyPolicy = { ...firstPolicy(20), residentKey: "preferred" };
  const world = await createPasskeyWorld({ overrides: { policy: async () => policy }, env });
  return {
    ...world,
    changePolicy: (changes: Partial<PasskeyPolicy>) => {
      policy = { ...policy, ...changes };
    },
    /** The credentials an address leads to. */
    listFor: async (username: string) =>
      (await startLogin(world.browser(), { username })).options.allowCredentials ?? [],
    /** Signs in by e-mail first; the finish's answer. */
    emailFirst: async (username: string, authenticator: SoftwareAuthenticator, tampering?: Tampering) => {
      const browser = world.browser();
      const { ceremony_id, options } = await startLogin(browser, { username });
      const credential = authenticator.authenticate(options, tampering);
      return answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    },
  };
}

export type EmailFirstWorld = Awaited<ReturnType<typeof createEmailFirstWorld>>;
