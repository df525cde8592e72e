import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { z } from "zod";

const PURPOSE = "passbridge identity token signing key";
const KEY_BYTES = 32;

export const privateJwk = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

export type PrivateJwk = z.infer<typeof privateJwk>;

/** Keeps private keys unreadable at rest. */
export type KeyCipher = {
  readonly encrypt: (kid: string, key: PrivateJwk) => Promise<string>;
  /** The key and whether it lies under the first secret; null when no secret opens it or it belongs to another kid. */
  readonly decrypt: (kid: string, text: string) => Promise<{ key: PrivateJwk; current: boolean } | null>;
};

const keyFrom = (secret: string) => new Uint8Array(hkdfSync("sha256", secret, "", PURPOSE, KEY_BYTES));

async function open(text: string, kid: string, secretKey: Uint8Array): Promise<PrivateJwk | null> {
  try {
    const algorithms = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
    const { plaintext, protectedHeader } = await compactDecrypt(text, secretKey, algorithms);
    if (protectedHeader.kid !== kid) return null;
    return privateJwk.parse(JSON.parse(new TextDecoder().decode(plaintext)));
  } catch {
    return null;
  }
}

/**
 * Encrypts with AES-256-GCM as a compact JWE (RFC 7516, `dir`), bound to the key's id, under a key derived from a
 * session secret by HKDF-SHA-256 (RFC 5869).
 * @param secrets the first encrypts, any of them decrypts; at least one.
 */
export function createKeyCipher(secrets: readonly string[]): KeyCipher {
  const [first, ...others] = secrets.map(keyFrom);
  if (!first) throw new Error("a key cipher needs a secret");
  return {
    encrypt: (kid, key) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(key)))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid })
        .encrypt(first),
    decrypt: async (kid, text) => {
      const key = await open(text, kid, first);
      if (key) return { key, current: true };
      for (const secretKey of others) {
        const older = await open(text, kid, secretKey);
        if (older) return { key: older, current: false };
      }
      return null;
    },
  };
}
