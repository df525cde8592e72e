import { randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import { createDatabase } from "../../../gateway/src/database.ts";
import { createPostgresCredentialStore } from "../../../gateway/src/passkeys/credential-store.ts";
import { createPostgresUserHandleStore } from "../../../gateway/src/passkeys/user-handle-store.ts";
import { someCredential } from "../../../gateway/test/support/passkey-stores.ts";
import type { TestStack } from "../../../scripts/test-stack.ts";

const LIMIT = 20;

/** Ids and transports of what people have: two keepers of synced passkeys, a computer's own, a security key. */
const MAKES = [
  { bytes: 16, transports: ["hybrid", "internal"] },
  { bytes: 20, transports: ["hybrid", "internal"] },
  { bytes: 32, transports: ["internal"] },
  { bytes: 64, transports: ["nfc", "usb"] },
] as const;

const newEmail = () => `person-${randomBytes(6).toString("hex")}@example.com`;

/** Addresses that nobody has. */
export const unknownEmails = (count: number) => Array.from({ length: count }, newEmail);

async function createIdentity(kratosAdminUrl: string, email: string): Promise<string> {
  const response = await fetch(`${kratosAdminUrl}/admin/identities`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ schema_id: "default", traits: { email } }),
  });
  return z.object({ id: z.uuid() }).parse(await response.json()).id;
}

/** Makes accounts in Kratos with one to three passkeys each in the gateway's database; their addresses. */
export async function createAccounts({ kratosAdminUrl, databaseUrl }: TestStack, count: number): Promise<string[]> {
  const database = createDatabase(databaseUrl);
  const credentials = createPostgresCredentialStore(database);
  const userHandles = createPostgresUserHandleStore(database, () => new Date());
  const createAccount = async (email: string) => {
    const identityId = await createIdentity(kratosAdminUrl, email);
    await userHandles.handleOf(identityId);
    for (let left = randomInt(1, 4); left > 0; left -= 1) {
      const { bytes, transports } = MAKES[randomInt(MAKES.length)] ?? MAKES[0];
      const id = randomBytes(bytes).toString("base64url");
      await credentials.add(someCredential({ id, identityId, transports }), LIMIT);
    }
  };
  try {
    const emails = unknownEmails(count);
    for (const email of emails) await createAccount(email);
    return emails;
  } finally {
    await database.destroy();
  }
}
