import { createPrivateKey, createPublicKey, type webcrypto } from "node:crypto";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
/** What certificates are signed with: ECDSA on P-256, which every browser takes. */
export const SIGNING_ALGORITHM = { ...ALGORITHM, hash: "SHA-256" } as const;

/** A key pair in WebCrypto's form, and its private half as PKCS#8 PEM. */
export type KeyPair = { readonly keys: webcrypto.CryptoKeyPair; readonly pem: string };

/** A new P-256 key pair. */
export async function generateKeyPair(): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" });
  return { keys, pem: pem.toString() };
}

/** The key pair of a PKCS#8 PEM. Throws when the text is no P-256 private key. */
export async function importKeyPair(pem: string): Promise<KeyPair> {
  const secret = createPrivateKey(pem);
  const der = secret.export({ format: "der", type: "pkcs8" });
  const open = createPublicKey(pem).export({ format: "der", type: "spki" });
  const privateKey = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
  const publicKey = await crypto.subtle.importKey("spki", open, ALGORITHM, true, ["verify"]);
  return { keys: { privateKey, publicKey }, pem };
}
